import { Failure } from '../../core/errors.ts'
import type { BackupKind, BackupWish, KeptBackup } from '../../core/backup/backup.ts'
import type { BackupDesk } from '../../core/backup/desk.ts'
import { isBackupDue, nextHour } from '../../core/backup/schedule.ts'
import type { Jobs } from '../../core/jobs/jobs.ts'
import type { Log } from '../../core/log.ts'
import type { Secret } from '../../core/secret.ts'
import { layHouse } from '../../adapters/backup/lay-house.ts'
import { dropNewHouse, planSwap } from '../../adapters/backup/house-swap.ts'
import { packHouse } from '../../adapters/backup/pack-house.ts'
import type { PackedHouse } from '../../adapters/backup/pack-house.ts'
import type { BackupShelf } from '../../adapters/backup/backup-shelf.ts'
import type { Routines } from '../routines.ts'

/** How often it is looked whether a daily backup is due. */
const LOOK_EVERY_MS = 300_000
/** Answers get out before the house that gives them goes. */
const LEAVE_MS = 500

/** What backups of a running house need. */
export type BackupParts = {
  readonly house: PackedHouse
  readonly shelf: BackupShelf
  readonly jobs: Pick<Jobs, 'run'>
  readonly routines: Pick<Routines, 'start'>
  /** How many daily ones are kept, at which hour, and with which passphrase; asked each time. */
  readonly daily: () => { readonly keep: number; readonly hour: number; readonly passphrase: Secret | null }
  readonly hasOwner: () => Promise<boolean>
  /** Starts the house of the data folder anew. */
  readonly restart: () => void
  readonly log: Log
}

/** The desk, and what the command line asks for: files at places of its own. */
export type HouseBackups = BackupDesk & {
  /** Writes a backup to a path where no file is. */
  write(path: string, wish: BackupWish): Promise<void>
  /** The same as `restore` with a file anywhere on this machine. */
  restoreFile(path: string, passphrase: Secret | null, signal: AbortSignal): ReturnType<BackupDesk['restore']>
  /** Begins to make daily backups. */
  start(): void
}

/** Backups of this house, made and brought back while it runs. */
export function createHouseBackups({ house, shelf, jobs, daily, ...parts }: BackupParts): HouseBackups {
  const { routines, hasOwner, restart, log } = parts
  const { dataDir, now } = house
  const since = now()
  let isRestoring = false

  const add = async (kind: BackupKind, wish: BackupWish, signal: AbortSignal): Promise<KeptBackup> => {
    const made = await shelf.add({ kind, isLocked: wish.passphrase !== null }, (path) =>
      packHouse(house, path, { ...wish, signal }),
    )
    await shelf.tidy(daily().keep)
    log('info', 'backup-made', { name: made.name, bytes: made.bytes, kind })
    return made
  }
  const asJob = (kind: BackupKind, wish: BackupWish, askedBy: string | null) =>
    jobs.run({ kind: 'backup', subject: null, name: 'Backup', askedBy }, async ({ signal, report, note }) => {
      report({ step: 'storing', done: 0, total: null, unit: 'bytes' })
      const { name, bytes } = await add(kind, wish, signal)
      note({ backup: name, bytes })
    })

  const restoreFile: HouseBackups['restoreFile'] = async (path, passphrase, signal) => {
    if (isRestoring) throw new Failure('http/busy', 'Another backup is being brought back')
    isRestoring = true
    try {
      const facts = await layHouse(dataDir, path, { passphrase, signal, now })
      const before = (await hasOwner()) ? await add('before-restore', { extras: [], passphrase: null }, signal) : null
      planSwap(dataDir)
      log('warn', 'restore-begins', { version: facts.version, madeAt: new Date(facts.madeAt).toISOString() })
      setTimeout(restart, LEAVE_MS)
      return { ...facts, before: before?.name ?? null }
    } catch (error) {
      isRestoring = false
      dropNewHouse(dataDir)
      throw error
    }
  }

  return {
    list: () => shelf.list(),
    schedule() {
      const { keep, hour } = daily()
      return { keep, hour, nextAt: keep === 0 ? null : nextHour(now(), hour) }
    },
    make: ({ askedBy, ...wish }) => asJob('asked', wish, askedBy).id,
    open: (name) => shelf.open(name),
    remove: (name) => shelf.remove(name),
    async receive(body, signal) {
      const kept = await shelf.receive(body, signal)
      await shelf.tidy(daily().keep)
      return kept
    },
    async restore(name, { passphrase, signal }) {
      return restoreFile(await shelf.path(name), passphrase, signal)
    },
    restoreFile,
    write: (path, wish) => packHouse(house, path, { ...wish, signal: new AbortController().signal }),
    start() {
      dropNewHouse(dataDir)
      routines.start({
        name: 'backup',
        everyMs: LOOK_EVERY_MS,
        retryMs: [LOOK_EVERY_MS],
        run: () => ({
          job: null,
          done: (async () => {
            const { keep, hour, passphrase } = daily()
            if (keep === 0 || !isBackupDue({ kept: await shelf.list(), since, hour }, now())) return
            const run = asJob('daily', { extras: [], passphrase }, null)
            await run.done
          })(),
        }),
      })
    },
  }
}
