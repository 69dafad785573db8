import { Failure } from '../../core/errors.ts'
import type { SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { LineupDesk } from '../../core/lineup/desk.ts'
import { previewChange } from '../../core/lineup/edits/preview.ts'
import { traceEdit, undoEdit } from '../../core/lineup/edits/undo.ts'
import type { EditTrace } from '../../core/lineup/edits/undo.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import type { LineupIndex, LineupReader } from '../../core/lineup/lineup.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import { createLineupView } from '../../core/lineup/view.ts'
import type { StoredLineup } from '../../core/lineup/stored.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { retireSources, syncLineup } from '../../core/lineup/sync.ts'
import type { LineupDiff } from '../../core/lineup/sync.ts'
import type { Log } from '../../core/log.ts'

/** The line-up in memory, and the only way to change it: one change after the other, each stored before it is seen. */
export interface LineupKeeper extends LineupReader, LineupDesk {
  /** Reads the stored line-up; until then `current` fails with `lineup/not-ready`. */
  load(): Promise<void>
  /** Takes a source's catalogue in. Fails with `lineup/shrunk` unless `acceptShrunk`; the old line-up stays then. */
  sync(catalogue: SourceCatalogue, options?: { readonly acceptShrunk?: boolean }): Promise<LineupDiff>
  /** Switches off the channels of all sources but these, keeping their keys, numbers and edits. */
  retireAllBut(sources: readonly SourceId[]): Promise<void>
  /** Calls `listener` after each new revision; gives the function that ends it. */
  onChange(listener: (lineup: LineupIndex) => void): () => void
}

/** What a keeper needs. `priority`: sources in fail-over order. */
export type LineupKeeperOptions = {
  readonly store: LineupStore
  readonly priority: readonly SourceId[]
  readonly now: () => number
  readonly log: Log
}

/** Traces of edits hold on to channels as they were. */
const MOST_UNDONE = 20

/** The keeper of a stored line-up. */
export function createLineupKeeper({ store, priority, now, log }: LineupKeeperOptions): LineupKeeper {
  const listeners = new Set<(lineup: LineupIndex) => void>()
  let kept: { readonly stored: StoredLineup; readonly index: LineupIndex } | null = null
  const view = createLineupView()
  let last: Promise<unknown> = Promise.resolve()

  const keep = (stored: StoredLineup): LineupIndex => {
    const index = indexLineup(view(stored))
    kept = { stored, index }
    return index
  }
  const ready = () => {
    if (kept === null) throw new Failure('lineup/not-ready', 'The stored line-up is still being read')
    return kept
  }
  /** Runs changes one after the other; a failed one changes nothing and does not stop the next. */
  const change = <T>(
    make: (stored: StoredLineup) => { readonly lineup: StoredLineup; readonly result: T },
  ): Promise<T> => {
    const done = last.then(async () => {
      const { stored } = ready()
      const { lineup, result } = make(stored)
      if (lineup === stored) return result
      const index = keep(await store.save(stored, lineup))
      for (const listener of listeners) listener(index)
      return result
    })
    last = done.catch(() => {}) // the caller of this change hears of its failure
    return done
  }

  const traces: EditTrace[] = []
  const checkRevision = (stored: StoredLineup, revision: string | null): void => {
    if (revision !== null && revision !== stored.revision)
      throw new Failure(
        'lineup/changed',
        `The line-up is at revision ${stored.revision}, the edit was made at ${revision}`,
      )
  }

  return {
    current: () => ready().index,
    stored: () => ready().stored,
    priority,
    preview(edit) {
      const { stored } = ready()
      return previewChange(view(stored), view(edit(stored)))
    },
    async apply(edit, revision) {
      const trace = await change((stored) => {
        checkRevision(stored, revision)
        const lineup = edit(stored)
        return { lineup, result: lineup === stored ? null : traceEdit(stored, lineup) }
      })
      if (trace !== null) traces.push(trace)
      if (traces.length > MOST_UNDONE) traces.shift()
    },
    async undo(revision) {
      await change((stored) => {
        checkRevision(stored, revision)
        const trace = traces.at(-1)
        if (trace === undefined) throw new Failure('lineup/cannot-undo', 'There is no edit to take back')
        return { lineup: undoEdit(stored, trace), result: undefined }
      })
      traces.pop()
    },
    async load() {
      const index = keep(await store.load())
      log('info', 'lineup-loaded', { revision: index.revision, channels: index.byId.size })
    },
    sync(catalogue, { acceptShrunk = false } = {}) {
      return change((stored) => {
        const { lineup, diff } = syncLineup(stored, catalogue, { now: now(), acceptShrunk, priority })
        const counts = { kept: diff.kept.length, new: diff.new.length, gone: diff.gone.length }
        log('info', 'lineup-synced', { sourceId: catalogue.sourceId, ...counts })
        return { lineup, result: diff }
      })
    },
    retireAllBut: (sources) =>
      change((stored) => ({ lineup: retireSources(stored, new Set(sources), now()), result: undefined })),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
