import type { KeptBackup } from '../../core/backup/backup.ts'
import type { Restoring } from '../../core/backup/desk.ts'
import { printInstant } from '../status.ts'

/** A kept backup as the API shows it; instants in ISO 8601. */
export const printBackup = ({ name, bytes, madeAt, kind, isLocked }: KeptBackup) => ({
  name,
  bytes,
  madeAt: printInstant(madeAt),
  kind,
  locked: isLocked,
})

/** A house that takes the place of this one, as the API shows it. */
export const printRestoring = ({ version, madeAt, extras, channels, hasOwner, before }: Restoring) => ({
  version,
  madeAt: printInstant(madeAt),
  extras,
  channels,
  hasOwner,
  before,
})
