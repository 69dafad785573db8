/** Something that somebody changed. */
export type AuditEntry = {
  /** Rises with every entry. */
  readonly id: number
  /** Epoch milliseconds. */
  readonly at: number
  /** Name of the account or API token; null: nobody who signed in. */
  readonly who: string | null
  /** How they proved it: `session`, `api-token`, `command-line`. */
  readonly by: string
  /** Where from; '' on this machine itself. */
  readonly address: string
  /** What was done: method and address of the API, or the command. Ids, never values or secrets. */
  readonly action: string
  /** HTTP status of the answer; 200 for a command. */
  readonly status: number
}

/** Port: the book of changes. It is bounded: the oldest entries go. */
export interface AuditBook {
  write(entry: Omit<AuditEntry, 'id'>): Promise<void>
  /** Newest first. `limit` at most, of those older than the entry `before` if it is told. */
  read(window: { readonly limit: number; readonly before?: number }): Promise<readonly AuditEntry[]>
}
