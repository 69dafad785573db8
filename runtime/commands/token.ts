import * as v from 'valibot'
import type { Command } from '../command.ts'
import { UsageError } from '../usage-error.ts'
import type { ControlRequest } from '../control-socket.ts'
import { askHouse } from '../house-commands.ts'
import { loadConfig } from '../load-config.ts'
import { PrintedToken } from '../token-commands.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** `2026-11-21 20:15 UTC` of an instant in ISO 8601. */
const minute = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`

/** The words of the command line as a request. */
function request(words: readonly string[], slate: string | undefined): ControlRequest {
  const [verb, word] = words
  if (verb === 'list' && word === undefined) return { command: 'token/list', args: {} }
  if (verb === 'add' && word !== undefined)
    return { command: 'token/add', args: { name: word, ...(slate !== undefined && { slate }) } }
  if (verb === 'revoke' && word !== undefined) return { command: 'token/revoke', args: { id: word } }
  throw new UsageError('"token" should be followed by "add NAME", "list" or "revoke ID"')
}

/** `token add NAME [--slate]`, `token list`, `token revoke ID`. A new link is printed this once. */
export const token: Command = async ({ words, options }) => {
  const { slate, ...rest } = options
  const command = request(words, slate)
  const config = loadConfig(rest)
  if (config.role === 'gateway')
    throw new UsageError('A front keeps no viewing links: run "token" where the adapter is, in its data folder')
  const result = await askHouse(config, command)
  if (command.command === 'token/list') {
    const list = v.parse(v.array(PrintedToken), result)
    if (list.length === 0) say('There is no viewing link yet; "token add NAME" makes one')
    for (const { id, name, createdAt, lastSeen } of list)
      say(
        `${id}  ${name}  since ${createdAt.slice(0, 10)}, ${lastSeen === null ? 'never used' : `last seen ${lastSeen}`}`,
      )
  } else if (command.command === 'token/add') {
    const made = v.parse(PrintedToken, result)
    say(`Viewing link "${made.name}" (${made.id}); it is shown this once:`)
    for (const playlist of made.playlists ?? []) say(`  ${playlist}`)
    if (made.short !== undefined) {
      say(`The same to type with a remote control, for the first time until ${minute(made.short.expiresAt)}:`)
      for (const url of made.short.urls) say(`  ${url}`)
    }
    if (config.role === 'adapter' && config.publicUrl === null) say('Put the address of the front before it')
  } else say('The viewing link is revoked')
  return 0
}
