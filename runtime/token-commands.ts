import * as v from 'valibot'
import type { TokenDesk } from '../core/access/house.ts'
import type { ShortLinkDesk } from '../core/access/short-link.ts'
import { Failure } from '../core/errors.ts'
import type { ControlRequest } from './control-socket.ts'

/** A viewing token as the command line prints it; `token` only when it has just been made. */
export const PrintedToken = v.object({
  id: v.string(),
  name: v.string(),
  createdAt: v.string(),
  lastSeen: v.nullable(v.string()),
  token: v.optional(v.string()),
  /** Addresses of the playlist behind the new token, as far as this house knows its own; without the origin for an adapter. */
  playlists: v.optional(v.array(v.string())),
  /** The same to type with a remote control, and until when it can be typed for the first time. */
  short: v.optional(v.strictObject({ urls: v.array(v.string()), expiresAt: v.string() })),
})
export type PrintedToken = v.InferOutput<typeof PrintedToken>

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** What is known of the addresses by which viewers come. `own`: base URLs of this process, no slash at the end. */
export type HouseAddresses = {
  readonly role: 'all' | 'gateway' | 'adapter'
  readonly publicUrl: string | null
  readonly own: readonly string[]
}

/** What the commands work on. */
export type TokenDesks = { readonly tokens: TokenDesk; readonly shortLinks: ShortLinkDesk }

/** Viewers of an adapter come through its front, whose address only `publicUrl` could tell. */
function basesOf({ role, publicUrl, own }: HouseAddresses): readonly string[] {
  if (publicUrl !== null) return [publicUrl.replace(/\/+$/, '')]
  return role === 'adapter' ? [''] : own
}

/**
 * Carries out `token/add|list|revoke` for the command line, in the running server or on an opened store.
 *
 * Fails with `http/bad-request` for an unknown command and `http/not-found` for an unknown id.
 */
export async function runTokenCommand(
  { tokens: desk, shortLinks }: TokenDesks,
  addresses: HouseAddresses,
  { command, args }: ControlRequest,
): Promise<unknown> {
  const name = args['name'] ?? ''
  switch (command) {
    case 'token/add': {
      const { record, token } = await desk.add({ kind: 'viewing', name, slate: args['slate'] === 'yes' })
      const text = token.reveal()
      const bases = basesOf(addresses)
      const playlists = bases.map((base) => `${base}/t/${text}/playlist.m3u`)
      const made: PrintedToken = { ...print(record), token: text, playlists }
      // A front keeps no short links: there is none where viewers of an adapter come by.
      if (addresses.role === 'adapter') return made
      const { code, expiresAt } = await shortLinks.make(record.id)
      const urls = bases.map((base) => `${base}/x/${code.reveal()}`)
      return { ...made, short: { urls, expiresAt: new Date(expiresAt).toISOString() } } satisfies PrintedToken
    }
    case 'token/list':
      return (await desk.list()).filter(({ kind }) => kind === 'viewing').map(print)
    case 'token/revoke':
      if (!(await desk.revoke(args['id'] ?? '')))
        throw new Failure('http/not-found', `There is no viewing link "${args['id'] ?? ''}"`)
      return null
    default:
      throw new Failure('http/bad-request', `The running server does not know the command "${command}"`)
  }
}

function print(record: { id: string; name: string; createdAt: number; lastSeen: number | null }): PrintedToken {
  return {
    id: record.id,
    name: record.name,
    createdAt: instant(record.createdAt) ?? '',
    lastSeen: instant(record.lastSeen),
  }
}
