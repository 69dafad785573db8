import * as v from 'valibot'
import { BACKUP_EXTRAS, BACKUP_KINDS } from '../../../core/backup/backup.ts'
import { SETTING_ORIGINS } from '../../../core/system/settings-desk.ts'
import { STORAGE_PARTS } from '../../../core/system/system-desk.ts'
import { LOG_LEVELS } from '../../../core/log.ts'
import { count, instant, instantOrNull, listOf, noticeAnswer, text, textOrNull } from './leaves.ts'

/** A window of the log. */
export const LogsAnswer = v.strictObject({
  total: count(),
  until: count(1204),
  level: v.picklist(LOG_LEVELS),
  items: v.array(
    v.strictObject({
      id: count(1204),
      at: instant,
      level: v.picklist(LOG_LEVELS),
      event: text('relay-opened'),
      facts: v.record(v.string(), v.unknown()),
    }),
  ),
})

/** Until when new lines come, and the newest one now. */
export const TailAnswer = v.strictObject({ until: instant, newest: count(1204) })

/** A kept backup. */
export const BackupAnswer = v.strictObject({
  name: text('downlink-20261121T040000Z-daily-3f9a.tar.gz'),
  bytes: count(812_000),
  madeAt: instant,
  kind: v.picklist(BACKUP_KINDS),
  locked: v.boolean(),
})

/** Kept backups, how many daily ones stay, and when the next one is made. */
export const BackupsAnswer = v.strictObject({
  ...listOf(BackupAnswer).entries,
  keep: count(7),
  hour: count(4),
  nextAt: instantOrNull,
})

/** A house that takes the place of this one; `before`: the backup that was made of this one. */
export const RestoringAnswer = v.strictObject({
  version: text('1.0.0'),
  madeAt: instant,
  extras: v.array(v.picklist(BACKUP_EXTRAS)),
  channels: count(120),
  hasOwner: v.boolean(),
  before: textOrNull('downlink-20261121T201500Z-before-restore-01fe.tar.gz'),
})

/** What is behind the screens; sizes in bytes. */
export const SystemAnswer = v.strictObject({
  versions: v.strictObject({ downlink: text('1.0.0'), runtime: text('node 24.21.0'), sqlite: text('3.53.4') }),
  ffmpeg: v.strictObject({
    version: textOrNull('8.0'),
    origin: textOrNull('PATH'),
    encoder: textOrNull('libx264'),
    encoders: v.array(text('aac')),
  }),
  platform: v.strictObject({ system: text('linux'), architecture: text('x64'), cores: count(4), memory: count(8e9) }),
  process: v.strictObject({ id: count(4711), memory: count(2e8), startedAt: instant, uptimeSeconds: count(3600) }),
  role: text('all'),
  dataDir: text('/var/lib/downlink'),
  addresses: v.array(text('http://192.168.1.5:18080')),
  storage: v.strictObject({
    parts: v.array(v.strictObject({ part: v.picklist(STORAGE_PARTS), bytes: count(1e6) })),
    free: count(1e10),
    total: count(1e11),
  }),
})

/** One thing that was looked at. */
export const FindingAnswer = v.strictObject({
  what: noticeAnswer,
  well: v.boolean(),
  detail: noticeAnswer,
  advice: v.nullable(noticeAnswer),
})

/** A setting. */
export const SettingAnswer = v.strictObject({
  key: text('log.level'),
  value: v.unknown(),
  default: v.unknown(),
  origin: v.picklist(SETTING_ORIGINS),
  environment: textOrNull('DOWNLINK_LOG_LEVEL'),
  option: textOrNull('log-level'),
  shouldBe: text('one of "debug", "info", "warn", "error"'),
  live: v.boolean(),
})
