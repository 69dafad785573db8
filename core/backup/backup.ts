import type { Secret } from '../secret.ts'

/** Why a backup was made: somebody asked for it, it was due, it came from elsewhere, or another house took the place. */
export const BACKUP_KINDS = ['asked', 'daily', 'uploaded', 'before-restore'] as const

/** One of them. */
export type BackupKind = (typeof BACKUP_KINDS)[number]

/** What a backup may hold beside the house itself, which can be fetched or made again. */
export const BACKUP_EXTRAS = ['guide', 'history', 'configuration'] as const

/** One of them. `configuration`: the owner's own file, as it is written. */
export type BackupExtra = (typeof BACKUP_EXTRAS)[number]

/** A backup that is kept in the data folder. */
export type KeptBackup = {
  /** Name of its file. */
  readonly name: string
  readonly bytes: number
  /** Epoch milliseconds; of an uploaded one, when it came. */
  readonly madeAt: number
  readonly kind: BackupKind
  /** It needs a passphrase. */
  readonly isLocked: boolean
}

/** What is in a backup, once it was read wholly. */
export type BackupFacts = {
  /** Of the program that made it. */
  readonly version: string
  readonly madeAt: number
  readonly extras: readonly BackupExtra[]
  readonly channels: number
  readonly hasOwner: boolean
}

/** What a backup should be. */
export type BackupWish = { readonly extras: readonly BackupExtra[]; readonly passphrase: Secret | null }

/** Shortest passphrase that is taken, characters. */
export const SHORTEST_PASSPHRASE = 8

const NAME =
  /^downlink-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(asked|daily|uploaded|before-restore)-[0-9a-f]{4}\.tar\.gz(\.locked)?$/

/** The name of a backup's file; `salt`, four hexadecimal digits, tells those of one second apart. */
export function printBackupName(
  { madeAt, kind, isLocked }: Pick<KeptBackup, 'madeAt' | 'kind' | 'isLocked'>,
  salt: string,
): string {
  const stamp = new Date(madeAt).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
  return `downlink-${stamp}-${kind}-${salt}.tar.gz${isLocked ? '.locked' : ''}`
}

/** What the name of a file says; null: it is not the name of a backup. */
export function readBackupName(name: string): Omit<KeptBackup, 'bytes'> | null {
  const [, year, month, day, hour, minute, second, word, locked] = NAME.exec(name) ?? []
  const kind = BACKUP_KINDS.find((one) => one === word)
  if (kind === undefined) return null
  const madeAt = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return { name, madeAt, kind, isLocked: locked !== undefined }
}
