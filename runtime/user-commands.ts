import * as v from 'valibot'
import { NO_LIMITS } from '../core/access/accounts.ts'
import type { Account } from '../core/access/accounts.ts'
import type { PeopleDesk } from '../core/access/people.ts'
import { newSecretText } from '../core/access/random-secret.ts'
import { systemRandom } from '../core/access/random.ts'
import { Failure } from '../core/errors.ts'
import type { ControlRequest } from './control-socket.ts'

/** A person as the command line prints it; `password` only when it has just been made up. */
export const PrintedUser = v.object({
  name: v.string(),
  role: v.string(),
  maxStreams: v.nullable(v.number()),
  expires: v.nullable(v.string()),
  managed: v.boolean(),
  password: v.optional(v.string()),
})
export type PrintedUser = v.InferOutput<typeof PrintedUser>

/**
 * Carries out `user/add|list|passwd|remove` for the command line, in the running server or on an opened store. Without a
 * password one is made up and told this once.
 *
 * Fails with `http/bad-request` for an unknown command, else like the desk.
 */
export async function runUserCommand(desk: PeopleDesk, { command, args }: ControlRequest): Promise<unknown> {
  const name = args['name'] ?? ''
  switch (command) {
    case 'user/add': {
      const { password, told } = passwordOf(args)
      const role = args['admin'] === 'yes' ? 'admin' : 'viewer'
      const limits = { ...NO_LIMITS, maxStreams: readCount(args['max-streams']) }
      return { ...print(await desk.add({ name, role, password, limits })), ...told } satisfies PrintedUser
    }
    case 'user/passwd': {
      const { password, told } = passwordOf(args)
      return { ...print(await desk.change(name, { password }, null)), ...told } satisfies PrintedUser
    }
    case 'user/list':
      return (await desk.list()).map(print)
    case 'user/remove':
      await desk.remove(name, null)
      return null
    default:
      throw new Failure('http/bad-request', `The running server does not know the command "${command}"`)
  }
}

function passwordOf(args: ControlRequest['args']): { readonly password: string; readonly told: { password?: string } } {
  const given = args['password']
  if (given !== undefined) return { password: given, told: {} }
  const password = newSecretText('app', systemRandom).slice(0, 16) // 80 bits, behind a slow hash and a throttle
  return { password, told: { password } }
}

function readCount(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new Failure('http/bad-request', '--max-streams should be a number from 1 to 999')
  return Number(text)
}

const print = ({ name, role, limits, managed }: Account): PrintedUser => ({
  name,
  role,
  maxStreams: limits.maxStreams,
  expires: limits.expiresAt === null ? null : new Date(limits.expiresAt).toISOString(),
  managed: managed === true,
})
