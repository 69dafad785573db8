import * as v from 'valibot'
import { BACKUP_KINDS } from '../../../core/backup/backup.ts'
import { SETTING_ORIGINS } from '../../../core/system/settings-desk.ts'
import { STORAGE_PARTS } from '../../../core/system/system-desk.ts'
import { Instant, NoticeAnswer } from '../api/answers.ts'

/** `GET /api/v1/system`. */
export const SystemAnswer = v.object({
  versions: v.object({ downlink: v.string(), runtime: v.string(), sqlite: v.string() }),
  ffmpeg: v.object({
    version: v.nullable(v.string()),
    origin: v.nullable(v.string()),
    encoder: v.nullable(v.string()),
    encoders: v.array(v.string()),
  }),
  platform: v.object({ system: v.string(), architecture: v.string(), cores: v.number(), memory: v.number() }),
  process: v.object({ memory: v.number(), uptimeSeconds: v.number() }),
  role: v.string(),
  dataDir: v.string(),
  addresses: v.array(v.string()),
  storage: v.object({
    parts: v.array(v.object({ part: v.picklist(STORAGE_PARTS), bytes: v.number() })),
    free: v.number(),
    total: v.number(),
  }),
})
export type SystemAnswer = v.InferOutput<typeof SystemAnswer>

/** `GET /api/v1/system/findings`. */
export const FindingsAnswer = v.object({
  items: v.array(
    v.object({
      what: NoticeAnswer,
      well: v.boolean(),
      detail: NoticeAnswer,
      advice: v.nullable(NoticeAnswer),
    }),
  ),
})
export type FindingsAnswer = v.InferOutput<typeof FindingsAnswer>

/** A setting. */
export const Setting = v.object({
  key: v.string(),
  value: v.unknown(),
  default: v.unknown(),
  origin: v.picklist(SETTING_ORIGINS),
  environment: v.nullable(v.string()),
  shouldBe: v.string(),
  live: v.boolean(),
})
export type Setting = v.InferOutput<typeof Setting>

/** `GET /api/v1/system/settings`. */
export const SettingsAnswer = v.object({ items: v.array(Setting) })

/** A kept backup. */
export const Backup = v.object({
  name: v.string(),
  bytes: v.number(),
  madeAt: Instant,
  kind: v.picklist(BACKUP_KINDS),
  locked: v.boolean(),
})
export type Backup = v.InferOutput<typeof Backup>

/** `GET /api/v1/backup`. */
export const BackupsAnswer = v.object({
  items: v.array(Backup),
  keep: v.number(),
  hour: v.number(),
  nextAt: v.nullable(Instant),
})
export type BackupsAnswer = v.InferOutput<typeof BackupsAnswer>

/** What is told of a job of backups. */
export const BackupJob = v.object({ kind: v.string(), state: v.string() })
