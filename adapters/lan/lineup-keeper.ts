import { Failure } from '../../core/errors.ts'
import type { SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { LineupDesk, LineupEdit } from '../../core/lineup/desk.ts'
import { previewChange } from '../../core/lineup/edits/preview.ts'
import { traceEdit, undoEdit } from '../../core/lineup/edits/undo.ts'
import type { EditTrace } from '../../core/lineup/edits/undo.ts'
import { indexSteps } from '../../core/lineup/lineup.ts'
import type { LineupIndex, LineupReader } from '../../core/lineup/lineup.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import { createLineupView } from '../../core/lineup/view.ts'
import type { StoredLineup } from '../../core/lineup/stored.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { retireSources, syncSteps } from '../../core/lineup/sync.ts'
import type { LineupDiff } from '../../core/lineup/sync.ts'
import type { Log } from '../../core/log.ts'
import { inSlices } from '../../core/steps.ts'
import type { Steps } from '../../core/steps.ts'
import { SERVING_PACE } from '../serving-pace.ts'

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

/** What a keeper needs. `priority`: the sources of now in fail-over order. */
export type LineupKeeperOptions = {
  readonly store: LineupStore
  readonly priority: () => readonly SourceId[]
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

  const beside = <T>(steps: Steps<T>): Promise<T> => inSlices(steps, SERVING_PACE)
  const edited = async (edit: LineupEdit, stored: StoredLineup): Promise<StoredLineup> => {
    const made = edit(stored)
    return Symbol.iterator in made ? beside(made) : made
  }
  const keep = async (stored: StoredLineup): Promise<LineupIndex> => {
    const index = await beside(indexSteps(await beside(view(stored))))
    kept = { stored, index }
    return index
  }
  const ready = () => {
    if (kept === null) throw new Failure('lineup/not-ready', 'The stored line-up is still being read')
    return kept
  }
  /** Runs changes one after the other; a failed one changes nothing and does not stop the next. */
  const change = <T>(
    make: (stored: StoredLineup) => Promise<{ readonly lineup: StoredLineup; readonly result: T }>,
  ): Promise<T> => {
    const done = last.then(async () => {
      const { stored } = ready()
      const { lineup, result } = await make(stored)
      if (lineup === stored) return result
      const index = await keep(await store.save(stored, lineup))
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
    get priority() {
      return priority()
    },
    inspect: async (look) => beside(look(ready().stored)),
    async preview(edit) {
      const { stored } = ready()
      const after = await edited(edit, stored)
      return previewChange(await beside(view(stored)), await beside(view(after)))
    },
    async apply(edit, revision) {
      const trace = await change(async (stored) => {
        checkRevision(stored, revision)
        const lineup = await edited(edit, stored)
        return { lineup, result: lineup === stored ? null : traceEdit(stored, lineup) }
      })
      if (trace !== null) traces.push(trace)
      if (traces.length > MOST_UNDONE) traces.shift()
    },
    async undo(revision) {
      await change(async (stored) => {
        checkRevision(stored, revision)
        const trace = traces.at(-1)
        if (trace === undefined) throw new Failure('lineup/cannot-undo', 'There is no edit to take back')
        return { lineup: undoEdit(stored, trace), result: undefined }
      })
      traces.pop()
    },
    async load() {
      const index = await keep(await store.load())
      log('info', 'lineup-loaded', { revision: index.revision, channels: index.byId.size })
    },
    async sync(catalogue, { acceptShrunk = false } = {}) {
      const diff = await change(async (stored) => {
        const synced = await beside(syncSteps(stored, catalogue, { now: now(), acceptShrunk, priority: priority() }))
        return { lineup: synced.lineup, result: synced.diff }
      })
      const counts = { kept: diff.kept.length, new: diff.new.length, gone: diff.gone.length }
      log('info', 'lineup-synced', { sourceId: catalogue.sourceId, ...counts })
      return diff
    },
    retireAllBut: (sources) =>
      change(async (stored) => ({ lineup: retireSources(stored, new Set(sources), now()), result: undefined })),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
