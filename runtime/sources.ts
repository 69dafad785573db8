import { checkAllowedFile, checkAllowedFolder } from '../adapters/config/allowed-file.ts'
import { openEntryDesk } from '../adapters/config/entry-desk.ts'
import type { EntryDesk, ManagedBy, Turn } from '../adapters/config/entry-desk.ts'
import { sourceSchemas } from '../adapters/sources/registry.ts'
import type { AnySourceConfig } from '../adapters/sources/registry.ts'
import type { DraftMemories } from '../adapters/lan/draft-memories.ts'
import type { LineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import type { SourceKeeper } from '../adapters/lan/source-keeper.ts'
import { isSameAccount } from '../adapters/lan/source-roster.ts'
import type { SourceRoster } from '../adapters/lan/source-roster.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { forgetLibrary } from '../adapters/library/open-library.ts'
import { forgetSourceMemory, sourceMemory } from '../adapters/store/source-memory.ts'
import { readSource } from '../core/config/sources.ts'
import { Failure } from '../core/errors.ts'
import type { JobId } from '../core/jobs/job.ts'
import type { Jobs } from '../core/jobs/jobs.ts'
import { sourceId } from '../core/lineup/stream.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import type { Log } from '../core/log.ts'
import type { HouseGuide } from './guide.ts'
import type { HouseConfig } from './load-config.ts'
import type { Routine, Routines, RunWish } from './routines.ts'

const HOUR_MS = 3_600_000
/** A channel list changes when its owner edits it: twice a day is often enough, and there is a button. */
const LINEUP_EVERY_MS = 12 * HOUR_MS

/** The list of sources: those of the configuration and those that the owner edits here. */
export async function openSourceEntries(options: {
  readonly config: Pick<HouseConfig, 'sources' | 'origins' | 'dataDir' | 'paths'>
  readonly store: Store['entries']['sources']
  readonly isTaken: (id: string) => boolean
  /** Takes over what has changed. */
  readonly apply: (id: string, after: AnySourceConfig | null) => Promise<void>
  readonly turn: Turn
  readonly log: Log
}): Promise<EntryDesk<AnySourceConfig>> {
  const { config } = options
  const managedBy: ManagedBy = config.origins.sources === 'environment' ? 'environment' : 'file'
  return openEntryDesk<AnySourceConfig>({
    ...options,
    name: 'source',
    fixed: config.sources.map((value) => {
      const { settings: _settings, ...shown } = value
      return { managedBy, shown, value }
    }),
    read: (written) => readSource(written, 'source', sourceSchemas),
    keysOf: ({ settings, ...common }) => ({ ...common, ...settings }),
    async check({ kind, settings }) {
      const folders = [config.dataDir, ...config.paths.allow]
      if (kind === 'media') await checkAllowedFolder(settings.path, { key: 'source.path', folders })
      if ('file' in settings && settings.file !== undefined)
        await checkAllowedFile(settings.file, { key: 'source.file', folders })
    },
    unknown: 'lineup/unknown-source',
  })
}

/** The sources of this house at work. */
export interface HouseSources {
  /** Begins with what is to be done again and again. */
  start(): void
  /** Asks a source for its channels now. Fails with `source/not-supported` if it does not run. */
  refresh(id: SourceId, wish: Pick<RunWish, 'askedBy' | 'accept'>): JobId
  /** Takes over a source that has changed; null: it was removed. One call at a time. */
  apply(id: string, after: AnySourceConfig | null): Promise<void>
}

/** Keeps line-up, guide and schedule in step with the roster. */
export function createHouseSources(parts: {
  readonly roster: SourceRoster
  readonly keeper: SourceKeeper
  readonly lineup: Pick<LineupKeeper, 'retireAllBut'>
  readonly guide: Pick<HouseGuide, 'update' | 'walk'>
  readonly store: Pick<Store, 'settings' | 'sourceEvents'>
  readonly memories: Pick<DraftMemories, 'handOver'>
  readonly jobs: Jobs
  readonly routines: Routines
  readonly retryMs: readonly number[]
  readonly dataDir: string
}): HouseSources {
  const { roster, keeper, lineup, guide, store, memories, jobs, routines, retryMs, dataDir } = parts
  let hasStarted = false

  const routineOf = ({ id, name }: AnySourceConfig): Routine => ({
    name: `source/${id}`,
    everyMs: LINEUP_EVERY_MS,
    retryMs,
    run({ askedBy, accept }) {
      const job = jobs.run({ kind: 'source-refresh', subject: id, name, askedBy }, async (context) => {
        const { signal, report, note } = context
        const diff = await keeper.refresh(id, { acceptShrunk: accept, signal, onProgress: report })
        note({ kept: diff.kept.length, new: diff.new.length, gone: diff.gone.length })
      })
      return { job: job.id, done: job.done }
    },
    // The guide of new channels should not wait for the next walk.
    afterwards: () => guide.walk(),
  })
  const begin = (config: AnySourceConfig): void => {
    if (config.enabled && hasStarted) routines.start(routineOf(config))
  }

  return {
    start() {
      hasStarted = true
      for (const config of roster.configs()) begin(config)
    },
    refresh(id, wish) {
      const run = routines.now(`source/${id}`, wish)
      if (run?.job == null) throw new Failure('source/not-supported', 'The source is switched off', { sourceId: id })
      run.done.catch(() => {}) // told by the job
      return run.job
    },
    async apply(text, after) {
      const id = sourceId(text)
      routines.stop(`source/${id}`)
      await jobs.end('source-refresh', id)
      if (after === null) {
        await roster.remove(id)
        keeper.remove(id)
        await forgetSourceMemory(store.settings, id)
        await forgetLibrary(dataDir, id)
        store.sourceEvents.remove(id)
      } else {
        const before = roster.config(id)
        if (before === null || !isSameAccount(before, after)) {
          // What one account has handed out is nothing for another.
          await forgetSourceMemory(store.settings, id)
          await memories.handOver(after, sourceMemory(store.settings, id))
        }
        await roster.put(after)
        keeper.put({ id, kind: after.kind, name: after.name, driver: roster.driver(id) })
      }
      await lineup.retireAllBut(roster.running().map((driver) => driver.id))
      await guide.update()
      if (after === null) return
      begin(after)
      routines.now(`source/${id}`)
    },
  }
}
