import * as v from 'valibot'
import type { Command } from '../command.ts'
import type { ControlRequest } from '../control-socket.ts'
import { askHouse } from '../house-commands.ts'
import { loadConfig } from '../load-config.ts'
import { readFirstLine } from '../standard-input.ts'
import { UsageError } from '../usage-error.ts'
import { PrintedUser } from '../user-commands.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** The words of the command line as a request, still without a password. */
function request(words: readonly string[], args: Readonly<Record<string, string>>): ControlRequest {
  const [verb, name] = words
  const only = (...allowed: string[]): void => {
    for (const option of Object.keys(args))
      if (!allowed.includes(option)) throw new UsageError(`Option --${option} does not belong to "user ${verb ?? ''}"`)
  }
  if (verb === 'list' && name === undefined) {
    only()
    return { command: 'user/list', args: {} }
  }
  if (name === undefined || !['add', 'passwd', 'remove'].includes(verb ?? ''))
    throw new UsageError('"user" should be followed by "add NAME", "list", "passwd NAME" or "remove NAME"')
  if (verb === 'add') only('admin', 'max-streams', 'password-stdin')
  else if (verb === 'passwd') only('password-stdin')
  else only()
  return { command: `user/${verb}`, args: { ...args, name } }
}

/** `user add NAME [--admin] [--max-streams N]`, `user list`, `user passwd NAME`, `user remove NAME`. */
export const user: Command = async ({ words, options }) => {
  const { admin, 'max-streams': most, 'password-stdin': stdin, ...rest } = options
  const args = {
    ...(admin !== undefined && { admin }),
    ...(most !== undefined && { 'max-streams': most }),
    ...(stdin !== undefined && { 'password-stdin': stdin }),
  }
  const { command, args: asked } = request(words, args)
  const config = loadConfig(rest)
  if (config.role === 'gateway')
    throw new UsageError('A front keeps no people: run "user" where the adapter is, in its data folder')
  const { 'password-stdin': isPiped, ...known } = asked
  const password = isPiped === undefined ? {} : { password: await readFirstLine('--password-stdin') }
  const result = await askHouse(config, { command, args: { ...known, ...password } })
  if (command === 'user/list') {
    const list = v.parse(v.array(PrintedUser), result)
    if (list.length === 0) say('There is nobody yet; "user add NAME --admin" makes the first one')
    for (const one of list) say(describe(one))
  } else if (command === 'user/remove')
    say('Removed; sessions, viewing links and app passwords of this person are ended')
  else {
    const made = v.parse(PrintedUser, result)
    const verb = command === 'user/add' ? `is added as ${made.role}` : 'has a new password'
    say(
      `"${made.name}" ${verb}${made.password === undefined ? '' : `; the password is shown this once: ${made.password}`}`,
    )
  }
  return 0
}

function describe({ name, role, maxStreams, expires, managed }: PrintedUser): string {
  const streams = maxStreams === null ? '' : `, ${maxStreams} ${maxStreams === 1 ? 'stream' : 'streams'} at a time`
  const until = expires === null ? '' : `, until ${expires}`
  return `${name}  ${role}${streams}${until}${managed ? ', written in the configuration' : ''}`
}
