import * as v from 'valibot'
import { BACKUP_EXTRAS, BACKUP_KINDS } from '../../../core/backup/backup.ts'
import { LOG_LEVELS } from '../../../core/log.ts'
import { count, instant, instantOrNull, listOf, text, textOrNull } from './leaves.ts'

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
