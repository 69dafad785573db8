import type { Secret } from '../../core/secret.ts'
import type { SourceMemory } from '../sources/driver.ts'
import type { AnySourceConfig } from '../sources/registry.ts'
import { isSameAccount } from './source-roster.ts'

/**
 * What accounts have handed out while they were tried. A portal does not forgive a box that signs in twice within a moment:
 * who tries an entry again, or adds it after that, goes on with what the first try was given.
 */
export interface DraftMemories {
  /** The memory of an account; the same for every try of it. */
  of(config: AnySourceConfig): SourceMemory
  /** Writes what is remembered of an account into the memory of the source that it is from now on. */
  handOver(config: AnySourceConfig, memory: SourceMemory): Promise<void>
}

/** Tries are forgotten after this time, and when there are many. */
const KEPT_MS = 30 * 60_000
const MOST_KEPT = 16

type Kept = { readonly config: AnySourceConfig; readonly values: Map<string, Secret>; readonly until: number }

/** Memories in memory; `known` is what a source of this account remembers already, null: there is none. */
export function createDraftMemories({
  known,
  now,
}: {
  readonly known: (config: AnySourceConfig) => SourceMemory | null
  readonly now: () => number
}): DraftMemories {
  let kept: readonly Kept[] = []
  const find = (config: AnySourceConfig): Kept | undefined => {
    kept = kept.filter(({ until }) => now() < until)
    return kept.find((one) => isSameAccount(one.config, config))
  }
  const make = (config: AnySourceConfig): Kept => {
    const made: Kept = { config, values: new Map(), until: now() + KEPT_MS }
    kept = [...kept, made].slice(-MOST_KEPT)
    return made
  }
  return {
    of(config) {
      const { values } = find(config) ?? make(config)
      return {
        read: async (key) => values.get(key) ?? (await known(config)?.read(key)) ?? null,
        async write(key, value) {
          values.set(key, value)
        },
      }
    },
    async handOver(config, memory) {
      const found = find(config)
      kept = kept.filter((one) => one !== found)
      for (const [key, value] of found?.values ?? []) await memory.write(key, value)
    },
  }
}
