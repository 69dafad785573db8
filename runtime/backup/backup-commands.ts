import * as v from 'valibot'
import { BACKUP_EXTRAS, SHORTEST_PASSPHRASE } from '../../core/backup/backup.ts'
import type { BackupExtra, BackupFacts } from '../../core/backup/backup.ts'
import { Failure } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import type { ControlRequest } from '../control-socket.ts'
import type { HouseBackups } from './backup-desk.ts'

/** What is in a backup that was brought back, as the command line prints it. */
export const PrintedRestore = v.object({
  version: v.string(),
  madeAt: v.string(),
  channels: v.number(),
  before: v.nullable(v.string()),
})
export type PrintedRestore = v.InferOutput<typeof PrintedRestore>

/** The facts of a backup as the command line prints them; `before`: the backup that was made of the old house. */
export const printRestore = ({ version, madeAt, channels }: BackupFacts, before: string | null): PrintedRestore => ({
  version,
  madeAt: new Date(madeAt).toISOString(),
  channels,
  before,
})

/** The passphrase among the arguments; null: none. Fails with `http/bad-request` for one that is too short. */
export function passphraseOf(args: ControlRequest['args']): Secret | null {
  const text = args['passphrase']
  if (text === undefined) return null
  if (text.length >= SHORTEST_PASSPHRASE) return new Secret(text)
  throw new Failure('http/bad-request', `A passphrase has at least ${SHORTEST_PASSPHRASE} characters`)
}

/** The extras among the arguments. */
export const extrasOf = (args: ControlRequest['args']): readonly BackupExtra[] =>
  BACKUP_EXTRAS.filter((extra) => args[extra] !== undefined)

/** Carries out `backup/make` and `backup/restore` for the command line, in the running server. Paths are absolute. */
export async function runBackupCommand(
  desk: Pick<HouseBackups, 'write' | 'restoreFile'>,
  { command, args }: ControlRequest,
): Promise<unknown> {
  const path = args['path'] ?? ''
  const passphrase = passphraseOf(args)
  switch (command) {
    case 'backup/make':
      await desk.write(path, { extras: extrasOf(args), passphrase })
      return null
    case 'backup/restore': {
      const { before, ...facts } = await desk.restoreFile(path, passphrase, new AbortController().signal)
      return printRestore(facts, before)
    }
    default:
      throw new Failure('http/bad-request', `The running server does not know the command "${command}"`)
  }
}
