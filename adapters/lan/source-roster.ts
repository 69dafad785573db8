import { Failure } from '../../core/errors.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { SlotRule, StreamOpener } from '../../core/live/upstream.ts'
import { Secret } from '../../core/secret.ts'
import type { AnySourceConfig, SourceDriver } from '../sources/registry.ts'
import { createSourceGate } from './source-gate.ts'
import type { SourceGate } from './source-gate.ts'

/** The sources of this house as they are now, and their drivers. Disposing closes them all. */
export interface SourceRoster extends AsyncDisposable {
  /** All of them, those that are switched off included. */
  configs(): readonly AnySourceConfig[]
  config(id: SourceId): AnySourceConfig | null
  /** Those that run, in the order of fail-over. */
  running(): readonly SourceDriver[]
  /** Null: there is none, or it is switched off. */
  driver(id: SourceId): SourceDriver | null
  /** The way to its streams; null as `driver`. */
  opener(id: SourceId): (StreamOpener & SlotRule) | null
  /**
   * Adds a source, or takes what has changed of one: true where its driver is another one now. Streams of the old driver
   * are ended, so that their viewers go on elsewhere or come again.
   */
  put(config: AnySourceConfig): Promise<boolean>
  /** Closes a source and forgets it. */
  remove(id: SourceId): Promise<void>
}

/** What a roster needs. */
export type SourceRosterOptions = {
  readonly sources: readonly AnySourceConfig[]
  readonly create: (config: AnySourceConfig) => SourceDriver
  /** The way to a driver's streams with whatever watches them. */
  readonly watch: (id: SourceId, driver: SourceDriver) => StreamOpener & SlotRule
}

type Running = { readonly driver: SourceDriver; gate: SourceGate | null }
type Place = { config: AnySourceConfig; running: Running | null }

/** Makes the drivers of these sources. They connect to nothing before they are asked. */
export function createSourceRoster({ sources, create, watch }: SourceRosterOptions): SourceRoster {
  const begin = (config: AnySourceConfig): Running | null =>
    config.enabled ? { driver: create(config), gate: null } : null
  const places = new Map<SourceId, Place>()
  for (const config of sources) places.set(config.id, { config, running: begin(config) })

  const byPriority = (): readonly Place[] =>
    [...places.values()].toSorted((a, b) => a.config.priority - b.config.priority)
  const end = async (running: Running | null, reason: Failure): Promise<void> => {
    running?.gate?.shut(reason)
    await running?.driver[Symbol.asyncDispose]()
  }

  return {
    configs: () => [...places.values()].map(({ config }) => config),
    config: (id) => places.get(id)?.config ?? null,
    running: () => byPriority().flatMap(({ running }) => (running === null ? [] : [running.driver])),
    driver: (id) => places.get(id)?.running?.driver ?? null,
    opener(id) {
      const running = places.get(id)?.running ?? null
      if (running === null) return null
      running.gate ??= createSourceGate(watch(id, running.driver))
      return running.gate.source
    },
    async put(config) {
      const place = places.get(config.id)
      if (place !== undefined && worksAlike(place.config, config)) {
        place.config = config
        return false
      }
      places.set(config.id, { config, running: begin(config) })
      await end(place?.running ?? null, new Failure('live/ended', `The source "${config.name}" was changed`))
      return true
    },
    async remove(id) {
      const place = places.get(id)
      places.delete(id)
      if (place !== undefined)
        await end(place.running, new Failure('live/ended', `The source "${place.config.name}" was removed`))
    },
    async [Symbol.asyncDispose]() {
      const drivers = [...places.values()].map(({ running }) => running?.driver[Symbol.asyncDispose]())
      await Promise.allSettled(drivers)
    },
  }
}

/** Whether two sources are the same account at the same place. */
export const isSameAccount = (a: AnySourceConfig, b: AnySourceConfig): boolean =>
  a.kind === b.kind && revealed(a.settings) === revealed(b.settings)

/** Whether a driver of the one serves the other as well: name, place and patience are not its own. */
function worksAlike(a: AnySourceConfig, b: AnySourceConfig): boolean {
  return essence(a) === essence(b)
}

const essence = ({ name: _name, priority: _priority, bufferSeconds: _bufferSeconds, ...config }: AnySourceConfig) =>
  revealed(config)

/** Holds secrets: for comparing only. */
const revealed = (value: object): string =>
  // A secret prints itself as stars before a replacer sees it.
  JSON.stringify(value, function (this: Record<string, unknown>, key, printed: unknown) {
    const raw = this[key]
    return raw instanceof Secret ? raw.reveal() : printed
  })
