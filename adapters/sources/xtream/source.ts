import { Failure } from '../../../core/errors.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { createHttpClient } from '../../net/http-client.ts'
import { systemTimers } from '../timers.ts'
import { createAccount } from './account.ts'
import { readAccountStatus } from './account-status.ts'
import type { AccountStatus } from './account-status.ts'
import { createArchive } from './archive.ts'
import type { PanelClock } from './panel-clock.ts'
import { createApiClient } from './api-client.ts'
import { createClientHttp } from './client-http.ts'
import { readGuide } from './guide.ts'
import { listLive } from './live-list.ts'
import type { LiveChannel } from './live-list.ts'
import { accountNotices } from './notices.ts'
import { createOpener } from './opener.ts'
import { createPanelGuide } from './panel-guide.ts'
import { fetchPicture } from './picture.ts'
import type { XtreamConfig } from './config.ts'
import { createSeats } from './seats.ts'
import { createVerdicts } from './verdicts.ts'
import { createVod } from './vod.ts'

/** The panel's own count of connections is asked for at most so often. */
const COUNT_EVERY_MS = 3000
/** A viewer waits for the answer to "who is there?". */
const COUNT_WITHIN_MS = 2500
/** Before the panel has said how many connections there are. */
const CAREFUL_LIMIT = 1

/**
 * The driver of one account at an Xtream-Codes panel.
 *
 * Never opens more connections than the account has, never a redirect twice, never HEAD; asks for lists one at a time.
 * Source: protocols/xtream.md.
 */
export function createXtreamSource(config: XtreamConfig, ports: DriverPorts): SourceDriver {
  const { now, timers = systemTimers } = ports
  const { settings, maxStreams } = config
  const { userAgent } = settings
  const log: typeof ports.log = (level, event, facts) => ports.log(level, event, { sourceId: config.id, ...facts })
  const account = createAccount(settings)
  const host = settings.url.base.hostname
  const client = createHttpClient({
    typedHosts: [host],
    allowHosts: config.allowHosts,
    userAgent,
    timers,
    ...(ports.ownPorts && { ownPorts: ports.ownPorts }),
  })
  const http = createClientHttp({ client, host, timers, now })
  const api = createApiClient({ account, http, userAgent, timers, now })
  const closing = new AbortController()

  let status: AccountStatus | null = null
  let channels: ReadonlyMap<string, LiveChannel> | null = null
  let streamOfGuide: ReadonlyMap<string, string> = new Map()
  let countedAt = -Infinity

  const login = async (signal: AbortSignal, urgent: boolean): Promise<AccountStatus> => {
    status = readAccountStatus(await api.json({ action: null, urgent, signal }), now())
    return status
  }
  const askActive = async (signal: AbortSignal): Promise<number | null> => {
    if (now() - countedAt < COUNT_EVERY_MS) return status?.activeConnections ?? null
    countedAt = now()
    const late = new AbortController()
    const cancel = timers.after(COUNT_WITHIN_MS, () => late.abort())
    try {
      return (await login(AbortSignal.any([signal, late.signal]), true)).activeConnections
    } catch (error) {
      if (signal.aborted) throw error
      log('debug', 'account-not-counted', { error: String(error) })
      return null // the opening itself will say what is wrong
    } finally {
      cancel()
    }
  }

  const limit = (): number | null => maxStreams ?? (status === null ? CAREFUL_LIMIT : status.maxConnections)
  const seats = createSeats({ limit, panelLimit: () => status?.maxConnections ?? null, askActive, now, log })
  const verdicts = createVerdicts(now)
  const opener = createOpener({
    account,
    http,
    userAgent,
    form: () => (settings.output === 'auto' ? usualForm(status) : settings.output),
    mayChangeForm: settings.output === 'auto',
    seats,
    verdicts,
    now,
  })
  const picture = (address: string, signal: AbortSignal): Promise<Uint8Array | null> =>
    fetchPicture(http, { address, userAgent, signal: AbortSignal.any([signal, closing.signal]) })
  const clock = async (signal: AbortSignal): Promise<PanelClock> => (status ?? (await login(signal, true))).clock
  const past = createArchive({ account, http, userAgent, clock, seats, closing: closing.signal })
  const vod = createVod({ account, api, http, userAgent, seats, picture, now, closing: closing.signal })

  return {
    id: config.id,
    kind: config.kind,
    name: config.name,
    sharesSlots: false,
    guideDocument: createPanelGuide({ account, http, userAgent, closing: closing.signal }),
    ...(settings.vod && { vod }),
    past,
    async catalogue(signal, onProgress = () => {}) {
      const { formats, expiresAt, maxConnections } = await login(signal, false)
      const list = await listLive(api, config.id, { signal, onProgress })
      if (channels === null)
        log('info', 'panel-found', { channels: list.channels.size, maxConnections, expiresAt, formats })
      channels = list.channels
      streamOfGuide = streamsByGuide(list.channels)
      return list.catalogue
    },
    async *guide(wanted, window, signal): AsyncGenerator<GuideBatch, void, undefined> {
      const { clock } = status ?? (await login(signal, false))
      const streamOf = (channel: string): string | null => streamOfGuide.get(channel) ?? null
      yield* readGuide({ api, streamOf, clock, log }, wanted, window, signal)
    },
    open: (request) => opener.open(request),
    slots: limit,
    get closingMs() {
      return seats.closingMs
    },
    async logo(item, signal) {
      // Not "there is none", which would be remembered.
      if (channels === null) throw new Failure('source/unreachable', 'The panel has not told its channels yet')
      const address = channels.get(item)?.logoUrl ?? ''
      return address === '' ? null : picture(address, signal)
    },
    check: {
      asks: 'log-in',
      takesUserAgent: true,
      async ask({ userAgent: program, signal }) {
        const call = { action: null, ...(program !== null && { userAgent: program }), signal }
        status = readAccountStatus(await api.json(call), now())
        const { expiresAt, maxConnections, activeConnections, formats } = status
        return {
          account: status.status,
          expires: expiresAt === null ? null : new Date(expiresAt).toISOString(),
          maxConnections,
          activeConnections,
          formats: formats.join(', '),
        }
      },
    },
    notices: () =>
      accountNotices({
        name: config.name,
        status,
        maxStreams,
        isContested: seats.isContested,
        isLimitDoubtful: seats.isLimitDoubtful,
        isAccountDoubtful: verdicts.isAccountDoubtful,
        now: now(),
      }),
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      api.close()
      await opener[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}

/** MPEG-TS is one connection and exactly counted; HLS only where the account has nothing else. */
const usualForm = (status: AccountStatus | null): 'ts' | 'm3u8' =>
  status !== null && status.formats.includes('m3u8') && !status.formats.includes('ts') ? 'm3u8' : 'ts'

/** One stream for each name in the guide: the first. */
function streamsByGuide(channels: ReadonlyMap<string, LiveChannel>): ReadonlyMap<string, string> {
  const streams = new Map<string, string>()
  for (const { id, guideId } of channels.values())
    if (guideId !== null && !streams.has(guideId)) streams.set(guideId, id)
  return streams
}
