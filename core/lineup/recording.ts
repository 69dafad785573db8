/** Something that a receiver has recorded, or records now. Texts are clean (no control characters). */
export type Recording = {
  /** The source's own stable key of it, at most 64 of `A-Za-z0-9_-`: the film with this id plays it. */
  readonly id: string
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  readonly channelName: string | null
  /** Epoch milliseconds; null: the source does not say. */
  readonly beginsAt: number | null
  /** Null: not known, as long as it grows. */
  readonly durationSeconds: number | null
  readonly sizeBytes: number | null
  /** It is being recorded: its end has not happened yet. */
  readonly isGrowing: boolean
  readonly tags: readonly string[]
  /** Name of the place where the source keeps it. */
  readonly folder: string
}

/** Port of a source: what it has recorded, the newest first. Fails with `source/*`. */
export interface RecordingShelf {
  recordings(signal: AbortSignal): Promise<readonly Recording[]>
}
