import type { Steps } from '../steps.ts'
import type { Preview } from './edits/preview.ts'
import type { StoredLineup } from './stored.ts'
import type { SourceId } from './stream.ts'

/**
 * An edit: the line-up as it should be, made from the one that is; step by step where it looks at all channels. Pure;
 * fails as the edits in `edits/` do.
 */
export type LineupEdit = (stored: StoredLineup) => StoredLineup | Steps<StoredLineup>

/** Port: where the owner edits the line-up. */
export interface LineupDesk {
  /** What is remembered now, the owner's choices included. Fails with `lineup/not-ready`. */
  stored(): StoredLineup
  /** Sources in fail-over order. */
  readonly priority: readonly SourceId[]
  /** Works something out that takes a while, beside others. */
  inspect<T>(look: (stored: StoredLineup) => Steps<T>): Promise<T>
  /** What viewers would see change. Nothing is written. */
  preview(edit: LineupEdit): Promise<Preview>
  /**
   * Makes an edit; when it resolves, it is on the disk. `revision` is the one that the owner saw; null: whatever is there.
   *
   * Fails with `lineup/changed` if the line-up is at another one, and as the edit does.
   */
  apply(edit: LineupEdit, revision: string | null): Promise<void>
  /** Takes the last edit back, then the one before: up to 20 of this run. Fails with `lineup/cannot-undo`. */
  undo(revision: string | null): Promise<void>
}
