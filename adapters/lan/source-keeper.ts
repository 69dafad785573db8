import { asFailure } from '../../core/errors.ts'
import type { Failure } from '../../core/errors.ts'
import type { Catalogue, CatalogueProgress, SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { LineupDiff } from '../../core/lineup/sync.ts'
import type { Log } from '../../core/log.ts'
import type { LineupKeeper } from './lineup-keeper.ts'
import type { SourceHealth } from './source-health.ts'

/**
 * State of a source: starting → refreshing → ready | failing → refreshing …; `disabled` never changes.
 * `starting` ends with the first answer, good or bad.
 */
export type SourceState = 'starting' | 'ready' | 'refreshing' | 'failing' | 'disabled'

/** A source as the keeper knows it. */
export type KeptSource = {
  readonly id: SourceId
  readonly kind: string
  readonly name: string
  readonly state: SourceState
  /** Channels in its last good answer; 0 before the first one. */
  readonly channels: number
  /** Epoch milliseconds of the last good refresh in this run. */
  readonly lastRefresh: number | null
  readonly problem: Failure | null
  readonly answered: boolean
}

/** What a keeper keeps: a source as configured, with its driver unless it is switched off. */
export type SourceEntry = {
  readonly id: SourceId
  readonly kind: string
  readonly name: string
  readonly driver: Catalogue | null
  /** Why it cannot be used as it is configured; absent: it can. */
  readonly problem?: Failure | null
}

/** Owns the state of every source, and takes their catalogues into the line-up. */
export interface SourceKeeper {
  list(): readonly KeptSource[]
  /**
   * Asks a source for its catalogue and takes it in. Fails with the source's failure, or `lineup/shrunk` when the answer
   * has suddenly far fewer channels; the line-up is untouched then. Gives what the answer did to the line-up.
   */
  refresh(id: SourceId, options: SourceRefresh): Promise<LineupDiff>
  /** Takes in what a source tells by itself: what is listed there was edited here. As `refresh`, without asking. */
  take(catalogue: SourceCatalogue): Promise<LineupDiff>
  /** Adds a source, or takes what has changed of one; with another driver it starts anew. */
  put(entry: SourceEntry): void
  remove(id: SourceId): void
  /** Calls `listener` when a source changed, came or went; gives the function that ends it. */
  onChange(listener: (id: SourceId) => void): () => void
}

/** How a source is asked for its catalogue. */
export type SourceRefresh = {
  readonly acceptShrunk: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CatalogueProgress & { readonly step: 'asking' | 'storing' }) => void
}

/** Keeps these sources. */
export function createSourceKeeper(options: {
  readonly sources: readonly SourceEntry[]
  readonly lineup: Pick<LineupKeeper, 'sync'>
  readonly health: Pick<SourceHealth, 'note'>
  readonly now: () => number
  readonly log: Log
}): SourceKeeper {
  const { lineup, health, now, log } = options
  const kept = new Map<SourceId, { entry: SourceEntry; status: KeptSource }>()
  const listeners = new Set<(id: SourceId) => void>()
  const tell = (id: SourceId): void => {
    for (const listener of listeners) listener(id)
  }
  const begin = (entry: SourceEntry): void => {
    const { id, kind, name, driver, problem = null } = entry
    const state = problem !== null ? 'failing' : driver === null ? 'disabled' : 'starting'
    const none = { channels: 0, lastRefresh: null, problem, answered: driver === null }
    kept.set(id, { entry, status: { id, kind, name, state, ...none } })
  }
  for (const entry of options.sources) begin(entry)

  return {
    list: () => [...kept.values()].map(({ status }) => status),
    async refresh(id, { acceptShrunk, signal, onProgress }) {
      const source = kept.get(id)
      const driver = source?.entry.driver
      if (!source || !driver) throw new RangeError(`There is no running source "${id}"`)
      const change = (next: Partial<KeptSource>): void => {
        source.status = { ...source.status, ...next }
        tell(id)
      }
      if (source.status.answered) change({ state: 'refreshing' })
      const startedAt = now()
      try {
        onProgress?.({ step: 'asking', done: 0, total: null, unit: 'channels' })
        const catalogue = await driver.catalogue(signal, (told) => onProgress?.({ step: 'asking', ...told }))
        signal.throwIfAborted()
        const { length } = catalogue.items
        onProgress?.({ step: 'storing', done: length, total: length, unit: 'channels' })
        const diff = await lineup.sync(catalogue, { acceptShrunk: acceptShrunk || catalogue.isOwn === true })
        change({ state: 'ready', channels: length, lastRefresh: now(), problem: null, answered: true })
        health.note(id, { kind: 'refresh', ms: now() - startedAt, problem: null })
        return diff
      } catch (error) {
        if (signal.aborted) {
          // Broken off by us: it says nothing about the source.
          const { problem, lastRefresh } = source.status
          const state = problem !== null ? 'failing' : lastRefresh === null ? 'starting' : 'ready'
          change({ state, answered: true })
          throw error
        }
        const problem = asFailure(error, 'source/bad-answer', `Source "${source.entry.name}" could not be read`)
        change({ state: 'failing', problem, answered: true })
        health.note(id, { kind: 'refresh', ms: now() - startedAt, problem })
        log('warn', 'source-failing', { sourceId: id, code: problem.code, detail: problem.message })
        throw problem
      }
    },
    async take(catalogue) {
      const source = kept.get(catalogue.sourceId)
      if (source === undefined) throw new RangeError(`There is no source "${catalogue.sourceId}"`)
      const diff = await lineup.sync(catalogue, { acceptShrunk: true })
      source.status = { ...source.status, channels: catalogue.items.length, answered: true }
      tell(catalogue.sourceId)
      return diff
    },
    put(entry) {
      const source = kept.get(entry.id)
      if (source === undefined || source.entry.driver !== entry.driver || entry.driver === null) begin(entry)
      else {
        source.entry = entry
        source.status = { ...source.status, name: entry.name }
      }
      tell(entry.id)
    },
    remove(id) {
      if (kept.delete(id)) tell(id)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
