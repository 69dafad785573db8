import { createHmac } from 'node:crypto'
import type { Alert } from '../../core/alerts/alert.ts'
import { printAlerts, printMessage } from '../../core/alerts/message-text.ts'
import type { Target, TargetSecrets } from '../../core/alerts/target.ts'
import { Failure } from '../../core/errors.ts'
import { createAddressGuard } from '../net/address-guard.ts'
import type { Resolve } from '../net/address-guard.ts'
import { createHttpClient } from '../net/http-client.ts'

/** What deliveries need. */
export type DeliverOptions = {
  readonly userAgent: string
  /** Ports that this program listens on. */
  readonly ownPorts: () => readonly number[]
  readonly now: () => number
  readonly resolve?: Resolve
}

/** A message to a target. */
export type Parcel = { readonly target: Target; readonly secrets: TargetSecrets; readonly alerts: readonly Alert[] }

/** Brings one message to its target; fails with `source/*` or `alerts/not-delivered`. No message of a failure carries an address. */
export type Deliver = (parcel: Parcel, signal: AbortSignal) => Promise<void>

const CONNECT_MS = 10_000
const MOST_ANSWER_BYTES = 64 * 1024
/** ntfy: 1 … 5. */
const PRIORITY = { info: '3', warning: '4', critical: '5' } as const

/** Deliveries by webhook, ntfy and e-mail. Every address is checked; the local network only where the owner named it. */
export function createDeliver(options: DeliverOptions): Deliver {
  const post = async (
    { target, secrets }: Parcel,
    { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<void> => {
    const url = secrets.url === null ? null : URL.parse(secrets.url)
    if (url === null) throw new Failure('alerts/not-delivered', 'The target has no address')
    await using client = createHttpClient({
      typedHosts: [],
      allowHosts: target.allowHosts,
      userAgent: options.userAgent,
      ownPorts: options.ownPorts,
      ...(options.resolve && { resolve: options.resolve }),
    })
    const length = String(new TextEncoder().encode(body).length)
    const answer = await client.request(url, {
      named: 'answered',
      signal,
      post: body,
      headers: { ...headers, 'Content-Length': length },
      connectMs: CONNECT_MS,
    })
    const { status } = answer
    if (status >= 200 && status < 300) {
      await answer.bytes(MOST_ANSWER_BYTES).catch(() => {}) // it was taken, whatever is said about it
      return
    }
    answer.close()
    throw new Failure('alerts/not-delivered', `"${target.name}" answered with status ${status}`, { status })
  }

  const webhook = (parcel: Parcel, signal: AbortSignal): Promise<void> => {
    const { target, secrets, alerts } = parcel
    const sentAt = new Date(options.now()).toISOString()
    const { title, body: text } = printMessage(alerts, target.language)
    const body = JSON.stringify({ event: 'alerts', sentAt, title, text, alerts: printAlerts(alerts, target.language) })
    const headers = {
      'Content-Type': 'application/json',
      ...(secrets.secret !== null && {
        'X-Downlink-Timestamp': sentAt,
        'X-Downlink-Signature': signatureOf(secrets.secret, sentAt, body),
      }),
    }
    return post(parcel, { body, headers }, signal)
  }

  const ntfy = (parcel: Parcel, signal: AbortSignal): Promise<void> => {
    const { target, secrets, alerts } = parcel
    const { title, body } = printMessage(alerts, target.language)
    const open = alerts.filter(({ state }) => state === 'open')
    const worst =
      (['critical', 'warning'] as const).find((one) => open.some(({ severity }) => severity === one)) ?? 'info'
    const headers = {
      'Content-Type': 'text/plain; charset=utf-8',
      // RFC 2047, which ntfy reads: headers are no place for umlauts.
      Title: `=?UTF-8?B?${Buffer.from(title).toString('base64')}?=`,
      Priority: PRIORITY[worst],
      Tags: open.length === 0 ? 'white_check_mark' : 'warning',
      ...(secrets.secret !== null && { Authorization: `Bearer ${secrets.secret}` }),
    }
    return post(parcel, { body, headers }, signal)
  }

  const email = async (
    { target, secrets, alerts }: Parcel & { readonly target: Extract<Target, { kind: 'email' }> },
    signal: AbortSignal,
  ): Promise<void> => {
    const guard = createAddressGuard({ ...options, typedHosts: [], allowHosts: target.allowHosts })
    const host = target.host.includes(':') ? `[${target.host}]` : target.host
    const url = URL.parse(`http://${host}:${target.port}`)
    if (url === null) throw new Failure('alerts/not-delivered', 'The name of the mail server cannot be read')
    const { addresses } = await guard.check(url, 'answered', signal)
    const [checked] = addresses
    const { title, body } = printMessage(alerts, target.language)
    // Loaded for those who have alerts sent by e-mail.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      host: checked?.address ?? target.host,
      port: target.port,
      secure: target.security === 'tls',
      requireTLS: target.security === 'starttls',
      ignoreTLS: target.security === 'none',
      tls: { servername: target.host },
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: CONNECT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(target.username !== '' && { auth: { user: target.username, pass: secrets.secret ?? '' } }),
    })
    const stop = (): void => transport.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await transport.sendMail({ from: target.from, to: [...target.to], subject: title, text: `${body}\n` })
    } catch (cause) {
      signal.throwIfAborted()
      throw new Failure('alerts/not-delivered', `The mail server of "${target.name}" ${whatMailSaid(cause)}`, {}, cause)
    } finally {
      signal.removeEventListener('abort', stop)
      transport.close()
    }
  }

  return async (parcel, signal) => {
    const { target } = parcel
    switch (target.kind) {
      case 'webhook':
        return webhook(parcel, signal)
      case 'ntfy':
        return ntfy(parcel, signal)
      case 'email':
        return email({ ...parcel, target }, signal)
      default:
        return target satisfies never
    }
  }
}

/** `sha256=` and the HMAC of `{timestamp}.{body}` in hex, so that a receiver knows who sent it, and when. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** What servers say may quote what was sent to them. */
function whatMailSaid(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'EAUTH') return 'refuses the user name or password'
  if (code === 'EENVELOPE') return 'refuses the sender or the recipients'
  if (code === 'ETLS' || code === 'ESOCKET') return 'cannot be reached, or not in the wished security'
  if (code === 'ETIMEDOUT' || code === 'ECONNECTION') return 'does not answer'
  return 'did not take the message'
}
