import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import * as v from 'valibot'
import { PrintedRestore } from '../backup/backup-commands.ts'
import { packRestingHouse, restoreRestingHouse } from '../backup/resting-house.ts'
import type { Command, Options } from '../command.ts'
import { askRunningHouse } from '../house-commands.ts'
import { configFileOf, loadConfig } from '../load-config.ts'
import { readFirstLine } from '../standard-input.ts'
import { UsageError } from '../usage-error.ts'

/** A large house takes its time. */
const TIMEOUT_MS = 3_600_000

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

async function read(name: string, words: readonly string[], options: Options) {
  const [file] = words
  if (file === undefined) throw new UsageError(`"${name}" should be followed by the name of a file`)
  const { 'passphrase-stdin': piped, guide, history, 'with-config': configuration, ...rest } = options
  const config = loadConfig(rest)
  if (config.role === 'gateway')
    throw new UsageError(`A front keeps no house: run "${name}" where the adapter is, with its data folder`)
  const args: Record<string, string> = {
    path: resolve(file),
    ...(guide !== undefined && { guide }),
    ...(history !== undefined && { history }),
    ...(configuration !== undefined && { configuration }),
    ...(piped !== undefined && { passphrase: await readFirstLine('--passphrase-stdin') }),
  }
  return { file, args, resting: { config, configFile: configFileOf(rest) } }
}

/** `backup FILE [--guide] [--history] [--with-config] [--passphrase-stdin]`. */
export const backup: Command = async ({ words, options }) => {
  const { file, args, resting } = await read('backup', words, options)
  const running = await askRunningHouse(resting.config, { command: 'backup/make', args }, TIMEOUT_MS)
  if (running === null) await packRestingHouse(resting, args)
  say(`The backup is "${file}"; it holds keys and passwords: keep it as safe as the data folder`)
  return 0
}

/** `restore FILE [--passphrase-stdin]`. */
export const restore: Command = async ({ words, options }) => {
  const { file, args, resting } = await read('restore', words, options)
  if (!existsSync(file)) throw new UsageError(`There is no file "${file}"`)
  const running = await askRunningHouse(resting.config, { command: 'backup/restore', args }, TIMEOUT_MS)
  const found = running === null ? await restoreRestingHouse(resting, args) : v.parse(PrintedRestore, running.result)
  say(`Restored: ${found.channels} channels, made ${found.madeAt} by downlink ${found.version}`)
  if (found.before !== null) say(`The house before is kept as the backup "${found.before}" in the data folder`)
  else say('The house before is thrown away once this one has started well')
  return 0
}
