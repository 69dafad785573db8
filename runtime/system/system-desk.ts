import { arch, availableParallelism, platform, totalmem } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { BackupDesk } from '../../core/backup/desk.ts'
import { FINDING_NOTICES as SAY } from '../../core/notices/findings.ts'
import { notice } from '../../core/notices/notice.ts'
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
          .filter((told) => !ffmpeg.notices.includes(told))
          .map((detail): Finding => ({ what: notice(SAY, 'what/notice', {}), well: false, detail, advice: null })),
      ]
    },
  }
}

const NO_SOURCE: Finding = {
  what: notice(SAY, 'what/sources', {}),
  well: false,
  detail: notice(SAY, 'sources/none', {}),
  advice: notice(SAY, 'sources/add', {}),
}

function checkRunningSource({ name, problem, channels, state }: ReturnType<StatusReader['sources']>[number]): Finding {
  const what = notice(SAY, 'what/source', { name })
  if (problem === null) return { what, well: true, detail: notice(SAY, `source/${state}`, { channels }), advice: null }
  const detail = notice(SAY, 'source/ill', { detail: problem.message }, { failure: problem.code })
  return { what, well: false, detail, advice: null }
}

function checkRoom(free: number): Finding {
  const what = notice(SAY, 'what/disk', {})
  const detail = notice(SAY, 'disk/free', { mebibytes: Math.round(free / 1024 ** 2) })
  const well = free >= LOW_BYTES
  return { what, well, detail, advice: well ? null : notice(SAY, 'disk/make-room', {}) }
}

function checkBackups(kept: Awaited<ReturnType<BackupDesk['list']>>, keep: number, now: number): Finding {
  const what = notice(SAY, 'what/backups', {})
  const [newest] = kept
  if (newest === undefined)
    return keep > 0
      ? { what, well: true, detail: notice(SAY, 'backups/none-yet', {}), advice: null }
      : { what, well: false, detail: notice(SAY, 'backups/never', {}), advice: notice(SAY, 'backups/begin', {}) }
  const days = Math.floor((now - newest.madeAt) / 86_400_000)
  const count = kept.length
  const detail = days === 0 ? notice(SAY, 'backups/of-today', { count }) : notice(SAY, 'backups/kept', { count, days })
  const well = now - newest.madeAt <= OLD_BACKUP_MS
  return { what, well, detail, advice: well ? null : notice(SAY, 'backups/stopped', {}) }
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('select sqlite_version() as version').get()?.['version'])
  } finally {
    database.close()
  }
}
