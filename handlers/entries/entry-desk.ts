import type { Failure } from '../../core/errors.ts'

type Mapping = Readonly<Record<string, unknown>>

/** An entry of a list of the configuration, as it may be shown. */
export type EntryView = {
  readonly id: string
  /** Where it is written; only `house` is edited here. */
  readonly managedBy: 'file' | 'environment' | 'house'
  /** Changes with every edit; null: it is not edited here. */
  readonly revision: string | null
  /** Its keys as in the file, with `set` where something is not told. */
  readonly shown: Mapping
  /** Hosts of its addresses, by key. */
  readonly hosts: Readonly<Record<string, string>>
  /** Why it cannot be used. */
  readonly problem: Failure | null
}

/**
 * Port of the LAN: the entries of one list of the configuration, sources or guides. An edit that has resolved is on the disk
 * and in force.
 */
export interface EntryDesk {
  list(): readonly EntryView[]
  /** Fails with `http/bad-request`, `config/id-taken`. */
  add(written: Mapping): Promise<EntryView>
  /**
   * Replaces the named keys; null: back to the default; `set` where it is shown: as it is. `revision` null: whatever it is.
   *
   * Fails as `add`, with `config/managed-by-file`, `config/changed`, or that there is no such entry.
   */
  change(id: string, change: Mapping, revision: string | null): Promise<EntryView>
  /** Fails as `change`. */
  remove(id: string, revision: string | null): Promise<void>
}
