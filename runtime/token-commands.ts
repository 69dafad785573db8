import * as v from 'valibot'
import type { TokenDesk } from '../core/access/house.ts'
import { Failure } from '../core/errors.ts'
import type { ControlRequest } from './control-socket.ts'

/** A viewing token as the command line prints it; `token` only when it has just been made. */
export const PrintedToken = v.object({
  id: v.string(),
  name: v.string(),
  createdAt: v.string(),
  lastSeen: v.nullable(v.string()),
  token: v.optional(v.string()),
})
export type PrintedToken = v.InferOutput<typeof PrintedToken>

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/**
 * Carries out `token/add|list|revoke` for the command line, in the running server or on an opened store.
 *
 * Fails with `http/bad-request` for an unknown command and `http/not-found` for an unknown id.
 */
export async function runTokenCommand(desk: TokenDesk, { command, args }: ControlRequest): Promise<unknown> {
  const name = args['name'] ?? ''
  switch (command) {
    case 'token/add': {
      const { record, token } = await desk.add({ kind: 'viewing', name })
      return { ...print(record), token: token.reveal() } satisfies PrintedToken
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
