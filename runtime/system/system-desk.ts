import { arch, availableParallelism, platform, totalmem } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { BackupDesk } from '../../core/backup/desk.ts'
import type { Finding, SystemDesk, SystemFacts } from '../../core/system/system-desk.ts'
import type { StatusReader } from '../../handlers/gateway.ts'
import type { HouseConfig } from '../load-config.ts'
import { checkFfmpeg, checkTuner } from './checks.ts'
import type { HouseSettings } from './settings-desk.ts'
import { measureStorage } from './storage.ts'

/** Encoders of pictures and sound that this program can use, by FFmpeg's names. */
const ENCODERS = /^(aac|libfdk_aac|libx264|(h264|hevc)_(nvenc|vaapi|qsv|v4l2m2m|videotoolbox))$/
/** What was measured is told again for so long: a large folder takes its time. */
const MEASURED_MS = 30_000
/** Less room than this is said. */
const LOW_BYTES = 1024 ** 3
/** Daily backups that are older than this have stopped. */
const OLD_BACKUP_MS = 3 * 24 * 3_600_000

/** What the desk looks at. */
export type SystemParts = {
  readonly config: HouseConfig
  readonly settings: HouseSettings
  readonly ffmpeg: Ffmpeg
  readonly status: StatusReader
  readonly backups: Pick<BackupDesk, 'list' | 'schedule'>
  readonly addresses: () => readonly string[]
  readonly now: () => number
}

/** What is behind the screens of a house on this machine. */
export function createSystemDesk({
  config,
  settings,
  ffmpeg,
  status,
  backups,
  addresses,
  now,
}: SystemParts): SystemDesk {
  let measured: { readonly at: number; readonly storage: Promise<SystemFacts['storage']> } | null = null
  const storage = (): Promise<SystemFacts['storage']> => {
    if (measured === null || now() - measured.at > MEASURED_MS)
      measured = { at: now(), storage: measureStorage(config.dataDir, config.timeShift.dir) }
    return measured.storage
  }
  const sqlite = sqliteVersion()

  return {
    settings,
    facts: async () => ({
      versions: { downlink: status.version, runtime: status.runtime, sqlite },
      ffmpeg: {
        version: ffmpeg.version,
        origin: ffmpeg.origin,
        encoder: status.transcode()?.encoder ?? null,
        encoders: [...ffmpeg.encoders].filter((name) => ENCODERS.test(name)).toSorted(),
      },
      platform: { system: platform(), architecture: arch(), cores: availableParallelism(), memory: totalmem() },
      process: { id: process.pid, memory: process.memoryUsage().rss, startedAt: status.startedAt },
      role: config.role,
      dataDir: config.dataDir,
      addresses: addresses(),
      storage: await storage(),
    }),
    async findings() {
      const { free } = await storage()
      const sources = status.sources()
      return [
        checkFfmpeg(ffmpeg),
        checkRoom(free),
        checkBackups(await backups.list(), backups.schedule().keep, now()),
        ...(config.role === 'all' ? [checkTuner(config)] : []),
        ...sources.map(checkRunningSource),
        ...(sources.length === 0 ? [NO_SOURCE] : []),
        ...status
          .notices()
          .filter((notice) => !ffmpeg.notices.includes(notice))
          .map((detail): Finding => ({ what: 'Notice', well: false, detail })),
      ]
    },
  }
}

const NO_SOURCE: Finding = {
  what: 'Sources',
  well: false,
  detail: 'there is none',
  advice: 'Add a receiver, a provider or a channel list',
}

function checkRunningSource({ name, problem, channels, state }: ReturnType<StatusReader['sources']>[number]): Finding {
  const what = `Source "${name}"`
  if (problem === null) return { what, well: true, detail: `${channels} channels, ${state}` }
  const { advice } = problem.kind
  return { what, well: false, detail: problem.message, ...(advice === undefined ? {} : { advice }) }
}

function checkRoom(free: number): Finding {
  const what = 'Disk of the data folder'
  const detail = `${Math.round(free / 1024 ** 2)} MiB free`
  if (free >= LOW_BYTES) return { what, well: true, detail }
  return { what, well: false, detail, advice: 'Make room, or delete old backups' }
}

function checkBackups(kept: Awaited<ReturnType<BackupDesk['list']>>, keep: number, now: number): Finding {
  const what = 'Backups'
  const [newest] = kept
  if (newest === undefined)
    return keep > 0
      ? { what, well: true, detail: 'none yet; the first daily one comes at its hour' }
      : { what, well: false, detail: 'none, and no daily ones are made', advice: 'Make one, or set "backup.keep"' }
  const days = Math.floor((now - newest.madeAt) / 86_400_000)
  const detail = `${kept.length} kept, the newest is ${days === 0 ? 'of today' : `${days} days old`}`
  if (now - newest.madeAt <= OLD_BACKUP_MS) return { what, well: true, detail }
  return { what, well: false, detail, advice: 'Make one now, and look into the log for "backup"' }
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('select sqlite_version() as version').get()?.['version'])
  } finally {
    database.close()
  }
}
