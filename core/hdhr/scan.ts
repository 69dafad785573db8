import type { SourceId } from '../lineup/stream.ts'
import type { ScanProgress } from './device-documents.ts'

/** Clients look at the progress once a second: a search that is over sooner looks to them like one that never began. */
const SHORTEST_MS = 2000
/** Anybody who may watch can start a search: providers are asked again only when the last one is that long ago. */
const PAUSE_MS = 60_000

/** What a search needs. */
export type ScanPorts = {
  /** Asks a source for its channels now; may fail. */
  readonly refresh: (source: SourceId) => Promise<void>
  /** How many channels a source gave when it was last asked. */
  readonly channels: (source: SourceId) => number
  readonly now: () => number
}

type Search = { readonly startedAt: number; readonly sources: readonly SourceId[]; readonly done: Set<SourceId> }

/** The search for channels of a virtual device: a refresh of its sources. */
export interface Scan {
  /** Begins a search, unless one runs. */
  start(sources: readonly SourceId[]): void
  /** Looks no further; sources that are being asked finish their answer. */
  abort(): void
  /** Null: none runs. */
  progress(): ScanProgress | null
}

/** idle ─start→ running ─all sources have answered, well or not, and two seconds are over→ idle · running ─abort→ idle */
export function createScan({ refresh, channels, now }: ScanPorts): Scan {
  let search: Search | null = null
  let askedAt = -Infinity

  const share = ({ startedAt, sources, done }: Search): number =>
    Math.min(sources.length === 0 ? 1 : done.size / sources.length, (now() - startedAt) / SHORTEST_MS)

  const ask = async ({ done }: Search, source: SourceId): Promise<void> => {
    try {
      await refresh(source)
    } catch {
      // The state of the source says why; for the search it has answered.
    }
    done.add(source)
  }

  const running = (): Search | null => {
    if (search !== null && share(search) >= 1) search = null
    return search
  }

  return {
    start(sources) {
      if (running() !== null) return
      const fresh: Search = { startedAt: now(), sources, done: new Set() }
      search = fresh
      if (now() - askedAt < PAUSE_MS) {
        for (const source of sources) fresh.done.add(source)
        return
      }
      askedAt = now()
      for (const source of sources) void ask(fresh, source)
    },
    abort() {
      search = null
    },
    progress() {
      const now = running()
      if (now === null) return null
      const found = [...now.done].reduce((sum, source) => sum + channels(source), 0)
      return { percent: Math.floor(share(now) * 100), found }
    },
  }
}
