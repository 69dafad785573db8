import { changeEntry, fillEntry, hostsOf, maskEntry, withoutKept } from '../../core/config/masked.ts'
import { asFailure, Failure } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { EntryStore, StoredEntry } from '../store/entry-store.ts'

type Mapping = Readonly<Record<string, unknown>>

/** Where an entry of the configuration is written: in the file, in an environment variable, or here in the house. */
export type ManagedBy = 'file' | 'environment' | 'house'

/** An entry of a list of the configuration. */
export type ConfigEntry<T> = {
  readonly id: string
  readonly managedBy: ManagedBy
  /** Changes with every edit; null: it is not edited here. */
  readonly revision: string | null
  /** Its keys as in the file, with `set` where something is not told. */
  readonly shown: Mapping
  /** Hosts of its addresses, by key. */
  readonly hosts: Readonly<Record<string, string>>
  /** As it is used; null: it cannot be. */
  readonly value: T | null
  /** Why it cannot be used. */
  readonly problem: Failure | null
}

/** The entries of one list: those of the file, and those that the owner edits here. */
export interface EntryDesk<T> {
  /** Those of the file first. */
  list(): readonly ConfigEntry<T>[]
  /** Fails with `config/id-taken`, `http/bad-request`. */
  add(written: Mapping): Promise<ConfigEntry<T>>
  /**
   * Replaces the named keys; null: back to the default; `set` where it is shown: as it is. `revision` null: whatever it is.
   *
   * Fails as `add`, and with `config/managed-by-file`, `config/changed` or that there is no such entry.
   */
  change(id: string, change: Mapping, revision: string | null): Promise<ConfigEntry<T>>
  /** Fails as `change`. */
  remove(id: string, revision: string | null): Promise<void>
  /**
   * An entry that is not kept, checked like one; `set` in it is what the entry of this id has there. Fails with
   * `http/bad-request`.
   */
  draft(written: Mapping): Promise<T>
}

/** What a desk is made of. */
export type EntryDeskOptions<T> = {
  /** What messages call an entry: `source`. */
  readonly name: string
  /** Entries of the file, with what may be shown of them. */
  readonly fixed: readonly { readonly managedBy: ManagedBy; readonly shown: Mapping; readonly value: T }[]
  readonly store: EntryStore
  /** Reads an entry. Fails with `config/invalid`. */
  readonly read: (written: Mapping) => T
  /** The keys of an entry by the names that they have in the file, secrets as such. */
  readonly keysOf: (value: T) => Mapping
  /** Further checks, for entries that come by the network. Fails with `config/invalid`. */
  readonly check: (value: T) => Promise<void>
  /** Whether something else has this id. */
  readonly isTaken: (id: string) => boolean
  readonly unknown: FailureCode
  /** Takes over what has changed. One call at a time; `after` null: it was removed. */
  readonly apply: (id: string, after: T | null) => Promise<void>
  /** Runs edits one after the other. */
  readonly turn: Turn
  readonly log: Log
}

/** The id of a draft that has none yet. */
const DRAFT_ID = 'draft'

/** Runs one piece of work after the other. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>

/** A queue of work. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {}) // told to those who asked
    return mine
  }
}

type Kept<T> = { readonly entry: ConfigEntry<T>; readonly written: Mapping | null }

/** Opens the desk with what is stored. */
export async function openEntryDesk<T extends { readonly id: string }>(
  options: EntryDeskOptions<T>,
): Promise<EntryDesk<T>> {
  const { name, fixed, store, keysOf, unknown, apply, turn, log } = options
  const fromFile = fixed.map(({ managedBy, shown, value }): ConfigEntry<T> => ({
    id: value.id,
    managedBy,
    revision: null,
    shown,
    hosts: {},
    value,
    problem: null,
  }))
  const isOfFile = (id: string): boolean => fromFile.some((entry) => entry.id === id)
  const kept = new Map<string, Kept<T>>()
  for (const stored of await store.all()) {
    if (isOfFile(stored.id)) log('warn', 'config-entry-shadowed', { list: name, id: stored.id })
    else kept.set(stored.id, recall(stored, options))
  }

  const readAsked = (written: Mapping): T => {
    try {
      return options.read(written)
    } catch (error) {
      throw asBadRequest(error)
    }
  }
  const checked = async (written: Mapping): Promise<T> => {
    const value = readAsked(written)
    await options.check(value).catch((error: unknown) => {
      throw asBadRequest(error)
    })
    return value
  }
  const find = (id: string, revision: string | null): Kept<T> => {
    if (isOfFile(id))
      throw new Failure(
        'config/managed-by-file',
        `The ${name} "${id}" is written in the configuration and not edited here`,
      )
    const found = kept.get(id)
    if (found === undefined) throw new Failure(unknown, `No ${name} has this id`)
    if (revision !== null && revision !== found.entry.revision)
      throw new Failure('config/changed', `The ${name} "${id}" is at revision ${found.entry.revision}, not ${revision}`)
    return found
  }
  const keep = async (written: Mapping, value: T): Promise<ConfigEntry<T>> => {
    const { id } = value
    const shown = maskEntry(written, keysOf(value))
    const revision = await store.put({ id, shown, written })
    const entry = { id, managedBy: 'house', revision, shown, hosts: hostsOf(written), value, problem: null } as const
    kept.set(id, { entry, written })
    await apply(id, value)
    return entry
  }

  return {
    list: () => [...fromFile, ...[...kept.values()].map(({ entry }) => entry)],
    add: (asked) =>
      turn(async () => {
        const written = fillEntry(asked, { written: {}, masked: {} })
        const value = await checked(written)
        if (isOfFile(value.id) || kept.has(value.id) || options.isTaken(value.id))
          throw new Failure('config/id-taken', `A source or guide has the id "${value.id}" already`)
        return keep(written, value)
      }),
    change: (id, change, revision) =>
      turn(async () => {
        const { entry, written } = find(id, revision)
        for (const key of ['id', 'kind'])
          if (change[key] !== undefined && change[key] !== entry.shown[key])
            throw new Failure('http/bad-request', `${name}.${key}: cannot be changed; add another ${name} instead`)
        const next = changeEntry({ written: written ?? withoutKept(entry.shown), masked: entry.shown }, change)
        return keep(next, await checked(next))
      }),
    remove: (id, revision) =>
      turn(async () => {
        find(id, revision)
        await store.remove(id)
        kept.delete(id)
        await apply(id, null)
      }),
    async draft(asked) {
      const known = typeof asked['id'] === 'string' ? kept.get(asked['id']) : undefined
      const filled = fillEntry(asked, { written: known?.written ?? {}, masked: known?.entry.shown ?? {} })
      return checked({ id: DRAFT_ID, ...filled })
    },
  }
}

/** What was stored, ready for use if it can be read. */
function recall<T>({ id, shown, written, revision }: StoredEntry, { name, read, log }: EntryDeskOptions<T>): Kept<T> {
  const common = { id, managedBy: 'house', revision, shown } as const
  const unusable = (problem: Failure): Kept<T> => {
    log('warn', 'config-entry-unusable', { list: name, id, detail: problem.message })
    return { written, entry: { ...common, hosts: {}, value: null, problem } }
  }
  if (written === null)
    return unusable(new Failure('config/secrets-lost', `The ${name} "${id}" was encrypted with another key file`))
  try {
    return { written, entry: { ...common, hosts: hostsOf(written), value: read(written), problem: null } }
  } catch (error) {
    return unusable(asFailure(error, 'config/invalid', `The ${name} "${id}" cannot be read`))
  }
}

/** What is wrong with an entry that came by the network is the mistake of whoever sent it. */
const asBadRequest = (error: unknown): unknown =>
  error instanceof Failure && error.code === 'config/invalid'
    ? new Failure('http/bad-request', error.message, error.facts, error)
    : error
