import type { Context } from 'hono'
import { judgeCall } from '../core/access/rights.ts'
import type { Gateway } from './gateway.ts'

/**
 * The origin that URLs in our answers start with (`http://192.168.1.5:18080`, no slash at the end): `publicUrl`, else as
 * the caller wrote it, else as a trusted proxy says.
 */
export function publicOrigin(c: Context, gateway: Pick<Gateway, 'publicUrl' | 'rules' | 'peerAddress'>): string {
  if (gateway.publicUrl !== null) return gateway.publicUrl.replace(/\/+$/, '')
  const url = new URL(c.req.url)
  const { proxied } = judgeCall(gateway.peerAddress(c), c.req.raw.headers, gateway.rules)
  const host = (proxied ? firstOf(c.req.header('x-forwarded-host')) : null) ?? c.req.header('host') ?? url.host
  const scheme = (proxied ? firstOf(c.req.header('x-forwarded-proto')) : null) ?? url.protocol.slice(0, -1)
  return originOf(scheme, host) ?? url.origin
}

/** Whether the caller speaks https with us, or with the proxy in front of us. */
export const isHttps = (c: Context, gateway: Pick<Gateway, 'publicUrl' | 'rules' | 'peerAddress'>): boolean =>
  publicOrigin(c, gateway).startsWith('https:')

const firstOf = (header: string | undefined): string | null => header?.split(',')[0]?.trim() || null

/** Null for anything but `http(s)://host[:port]`: a header must not smuggle a path or a user name into our URLs. */
function originOf(scheme: string, host: string): string | null {
  if (!/^https?$/.test(scheme) || !/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host)) return null
  const text = `${scheme}://${host}`
  return URL.canParse(text) ? text : null
}
