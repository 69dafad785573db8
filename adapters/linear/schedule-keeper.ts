import { Failure, asFailure } from '../../core/errors.ts'
import { readChannelDoc } from '../../core/linear/document.ts'
import type { ChannelDoc } from '../../core/linear/document.ts'
import type { Log } from '../../core/log.ts'
import { createTurn } from '../config/entry-desk.ts'
import type { ScheduleStore } from '../store/schedule-store.ts'

type Mapping = Readonly<Record<string, unknown>>

/** The document of a channel of one's own. */
export type Schedule = {
  readonly id: string
  /** Id of the source whose files it plays. */
  readonly library: string
  readonly managedBy: 'file' | 'house'
  /** Changes with every edit; null: it is not edited here. */
  readonly revision: string | null
  /** As its owner wrote it. */
  readonly document: Mapping
  /** What is shown in place of the plan, the oldest first; those of the document not among them. */
  readonly overrides: readonly Mapping[]
  /** Read, with all overrides; null: it cannot be. */
  readonly doc: ChannelDoc | null
  readonly problem: Failure | null
}

/** The documents of this house: those of the configuration file, and those that are edited here. */
export interface ScheduleKeeper {
  /** Those of the file first. */
  list(): readonly Schedule[]
  /** Fails with `linear/unknown-schedule`. */
  find(id: string): Schedule
  /** A document that is not kept, read like one. Fails with `linear/invalid`. */
  draft(document: Mapping): ChannelDoc
  /** Fails with `linear/invalid`, `config/id-taken`. */
  add(document: Mapping, library: string): Promise<Schedule>
  /** `revision` null: whatever it is. Fails as `add`, with `config/managed-by-file`, `config/changed`, `linear/unknown-schedule`. */
  replace(id: string, document: Mapping, revision: string | null): Promise<Schedule>
  remove(id: string, revision: string | null): Promise<void>
  /** Puts something above the plan; `from` is now unless it says otherwise. Fails with `linear/invalid`, `linear/unknown-schedule`. */
  override(id: string, override: Mapping, by: string | null): Promise<Schedule>
  /** Null: all. Fails with `linear/unknown-override`, `linear/unknown-schedule`. */
  endOverride(id: string, override: string | null): Promise<Schedule>
  /** Calls `listener` after every edit, when it is on the disk; gives the function that ends it. */
  onChange(listener: (change: ScheduleChange) => void): () => void
}

/** What became of a document; `after` null: it was removed. */
export type ScheduleChange = { readonly id: string; readonly library: string; readonly after: Schedule | null }

/** What a keeper is made of. */
export type ScheduleKeeperParts = {
  /** Documents of the configuration file, which has been read: they are right, and each has an id of its own. */
  readonly fixed: readonly { readonly library: string; readonly document: Mapping }[]
  readonly store: ScheduleStore
  /** IANA name of the zone of the house. */
  readonly zone: string
  readonly now: () => number
  /** A random text of small letters and digits. */
  readonly newId: () => string
  readonly log: Log
}

/** More channels than this nobody makes by hand, and every one costs a plan in memory. */
const MOST_SCHEDULES = 1000
const DAY_MS = 86_400_000

/** Opens the documents with what is stored. */
export function openScheduleKeeper(parts: ScheduleKeeperParts): ScheduleKeeper {
  const { store, zone, now, newId, log } = parts
  const listeners = new Set<(change: ScheduleChange) => void>()
  const turn = createTurn()
  const overridden = store.overrides()
  const overridesOf = (id: string): readonly Mapping[] => (overridden.get(id) ?? []).filter(isMapping)
  const schedules = new Map<string, Schedule>()
  const take = (schedule: Omit<Schedule, 'doc' | 'problem'>): Schedule => {
    const made = { ...schedule, ...readAll(schedule, zone) }
    if (made.problem !== null) log('warn', 'schedule-unusable', { schedule: schedule.id, detail: made.problem.message })
    schedules.set(schedule.id, made)
    return made
  }
  for (const { library, document } of parts.fixed) {
    const id = String(document['id'])
    take({ id, library, managedBy: 'file', revision: null, document, overrides: overridesOf(id) })
  }
  for (const { id, library, document, revision } of store.all()) {
    if (schedules.has(id)) log('warn', 'schedule-shadowed', { schedule: id })
    else if (isMapping(document))
      take({ id, library, managedBy: 'house', revision, document, overrides: overridesOf(id) })
  }

  const find = (id: string): Schedule => {
    const found = schedules.get(id)
    if (found === undefined) throw new Failure('linear/unknown-schedule', `No channel of one's own has the id "${id}"`)
    return found
  }
  const findEdited = (id: string, revision: string | null): Schedule => {
    const found = find(id)
    if (found.managedBy === 'file')
      throw new Failure(
        'config/managed-by-file',
        `The channel "${id}" is written in the configuration and not edited here`,
      )
    if (revision !== null && revision !== found.revision)
      throw new Failure('config/changed', `The channel "${id}" is at revision ${found.revision}, not ${revision}`)
    return found
  }
  const tell = (change: ScheduleChange): void => {
    for (const listener of listeners) listener(change)
  }
  const keep = (schedule: Omit<Schedule, 'doc' | 'problem'>): Schedule => {
    const made = take(schedule)
    tell({ id: made.id, library: made.library, after: made })
    return made
  }
  const keepOverrides = (schedule: Schedule, overrides: readonly Mapping[]): Schedule => {
    // A wrong one must not reach the disk.
    readChannelDoc(withOverrides(schedule.document, overrides), { zone })
    store.putOverrides(schedule.id, overrides)
    return keep({ ...schedule, overrides })
  }

  return {
    list: () => [...schedules.values()],
    find,
    draft: (document) => readChannelDoc(document, { zone, anchorDay: firstDay(now()) }),
    add: (document, library) =>
      turn(async () => {
        // Said once and for all: what is planned must not depend on when it is read, or on which machine.
        const written = { zone, anchorDay: firstDay(now()), ...document }
        const { id } = readChannelDoc(written, { zone })
        if (schedules.has(id)) throw new Failure('config/id-taken', `A channel has the id "${id}" already`)
        if (schedules.size >= MOST_SCHEDULES)
          throw new Failure('http/busy', `There are ${MOST_SCHEDULES} channels already; remove one first`)
        const revision = store.put({ id, library, document: written })
        return keep({ id, library, managedBy: 'house', revision, document: written, overrides: [] })
      }),
    replace: (id, document, revision) =>
      turn(async () => {
        const before = findEdited(id, revision)
        const { zone: ownZone = zone, anchorDay = firstDay(now()) } = before.document
        const written = { zone: ownZone, anchorDay, ...document }
        const doc = readChannelDoc(withOverrides(written, before.overrides), { zone })
        if (doc.id !== id)
          throw new Failure('linear/invalid', 'id: cannot be changed; add another channel instead', { key: 'id' })
        return keep({
          ...before,
          document: written,
          revision: store.put({ id, library: before.library, document: written }),
        })
      }),
    remove: (id, revision) =>
      turn(async () => {
        const { library } = findEdited(id, revision)
        store.remove(id)
        schedules.delete(id)
        tell({ id, library, after: null })
      }),
    override: (id, override, by) =>
      turn(async () => {
        const schedule = find(id)
        const made = { id: `o${newId()}`, from: new Date(now()).toISOString(), createdBy: by, ...override }
        const running = schedule.overrides.filter((one) => !isOver(one, now()))
        return keepOverrides(schedule, [...running, made])
      }),
    endOverride: (id, override) =>
      turn(async () => {
        const schedule = find(id)
        const left = schedule.overrides.filter((one) => override !== null && one['id'] !== override)
        if (left.length === schedule.overrides.length)
          throw new Failure('linear/unknown-override', `Nothing like that is shown on "${id}" in place of its plan`)
        return keepOverrides(schedule, left)
      }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function readAll(
  { id, document, overrides }: Pick<Schedule, 'id' | 'document' | 'overrides'>,
  zone: string,
): Pick<Schedule, 'doc' | 'problem'> {
  try {
    return { doc: readChannelDoc(withOverrides(document, overrides), { zone }), problem: null }
  } catch (error) {
    return { doc: null, problem: asFailure(error, 'linear/invalid', `The channel "${id}" cannot be read`) }
  }
}

function withOverrides(document: Mapping, overrides: readonly Mapping[]): Mapping {
  if (overrides.length === 0) return document
  const own: unknown = document['overrides']
  return { ...document, overrides: [...(Array.isArray(own) ? own : []), ...overrides] }
}

/** What is over plays no part any more. */
const isOver = ({ until }: Mapping, now: number): boolean =>
  (typeof until === 'number' && until <= now) || (typeof until === 'string' && Date.parse(until) <= now)

/** The first day of a new document lies before its first guide, whatever the zone and the beginning of a day. */
const firstDay = (now: number): string => new Date(now - 2 * DAY_MS).toISOString().slice(0, 10)

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
