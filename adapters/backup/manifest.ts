import * as v from 'valibot'
import { BACKUP_EXTRAS } from '../../core/backup/backup.ts'
import type { BackupExtra } from '../../core/backup/backup.ts'

/** Version of the layout of backups that this program writes. */
export const BACKUP_FORMAT = 1

/** Name of the first file in a backup. */
export const MANIFEST = 'manifest.json'

/** Longest manifest, bytes; a house with hundreds of guides stays far below. */
export const MANIFEST_BYTES = 256 * 1024

/** Files of a house by their names in a backup and in the data folder; a closed list, so that no other is ever written. */
const FILE = /^(downlink\.db|secret\.key|links\.keys|guide\.db|history\.db|guide\/[\w.-]{1,80}\.db|downlink\.yaml)$/

/** The part of a backup that a file belongs to; null: the house itself. */
export const extraOf = (name: string): BackupExtra | null =>
  name === 'guide.db' || name.startsWith('guide/')
    ? 'guide'
    : name === 'history.db'
      ? 'history'
      : name === 'downlink.yaml'
        ? 'configuration'
        : null

/** What a backup says about itself. */
export const Manifest = v.object({
  format: v.pipe(v.number(), v.integer(), v.minValue(1)),
  program: v.literal('downlink'),
  version: v.string(),
  madeAt: v.pipe(v.string(), v.isoTimestamp()),
  extras: v.array(v.picklist(BACKUP_EXTRAS)),
  files: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.regex(FILE)),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.maxLength(2000),
    v.check((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file comes twice'),
    v.check(
      (files) => ['downlink.db', 'secret.key'].every((house) => files.some(({ name }) => name === house)),
      'there is no house in it',
    ),
  ),
})
export type Manifest = v.InferOutput<typeof Manifest>

/** Only this much is read of one that a newer program has made. */
export const AnyManifest = v.looseObject({ format: v.number(), program: v.literal('downlink'), version: v.string() })
