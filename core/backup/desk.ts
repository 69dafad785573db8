import type { JobId } from '../jobs/job.ts'
import type { Secret } from '../secret.ts'
import type { BackupFacts, BackupWish, KeptBackup } from './backup.ts'

/** A house of a backup that takes the place of this one within a moment. */
export type Restoring = BackupFacts & {
  /** The backup of this house that was made before; null: it had no owner yet. */
  readonly before: string | null
}

/** Port: backups of this house, and houses of backups. */
export interface BackupDesk {
  /** The newest first. */
  list(): Promise<readonly KeptBackup[]>
  /** How many daily ones are kept (0: none are made), at which hour, and when the next is due. */
  schedule(): { readonly keep: number; readonly hour: number; readonly nextAt: number | null }
  /** Starts the job that makes one. */
  make(wish: BackupWish & { readonly askedBy: string | null }): JobId
  /** The bytes of a kept one. Fails with `backup/unknown`. */
  open(name: string): Promise<{ readonly bytes: number; readonly body: ReadableStream<Uint8Array> }>
  /** Fails with `backup/unknown`. */
  remove(name: string): Promise<void>
  /** Keeps a file that came from elsewhere. Fails with `backup/not-one`, `backup/no-room`, `http/too-large`, `http/busy`. */
  receive(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<KeptBackup>
  /**
   * Reads a kept backup wholly, lays the house of it beside this one, and has it take the place a moment later.
   *
   * Fails with `backup/*` before anything of this house is touched.
   */
  restore(
    name: string,
    options: { readonly passphrase: Secret | null; readonly signal: AbortSignal },
  ): Promise<Restoring>
}
