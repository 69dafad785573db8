import { backup, DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { Failure } from '../../core/errors.ts'
import { keepPrivate } from './private-file.ts'

/** How much a commit waits for: `full` for what a person was told is saved, `normal` for what can be fetched again. */
export type Durability = 'full' | 'normal'

/** Pages that a copy takes at a time; with pages of 4 KiB a step is done in a few milliseconds. */
const PAGES_A_STEP = 256

/** A value that SQLite takes as a parameter or gives in a row. */
export type Value = SQLInputValue

/** A row as SQLite gives it, by name of column. */
export type Row = Readonly<Record<string, unknown>>

/**
 * One SQLite file, opened for this process alone.
 *
 * All calls are synchronous, also `transaction`: nothing of this process can come between its statements, and none of
 * them leaves a transaction open over an `await`.
 */
export interface Database extends Disposable {
  /** The statement, prepared once for each text. */
  prepare(sql: string): StatementSync
  all(sql: string, ...values: readonly Value[]): readonly Row[]
  /** Gives the number of changed rows. */
  run(sql: string, ...values: readonly Value[]): number
  /** Several statements without parameters. */
  exec(sql: string): void
  /** All of `work` or nothing of it; when this returns, it is as durable as the file was opened for. */
  transaction<T>(work: () => T): T
  /**
   * The same without waiting for the disk: a killed process loses nothing of it, but a machine that loses its power may,
   * until the next `transaction`. What is written so is never lost before what was written earlier.
   */
  quickTransaction<T>(work: () => T): T
  /**
   * Writes a copy of the whole file to a path where no file is, as it was at one moment. It is made in steps beside the
   * running program: what is written meanwhile is in the copy or not, transaction by transaction.
   */
  copyTo(path: string): Promise<void>
}

/**
 * Opens the file, makes it if it is missing, and locks it until it is disposed or the process ends, however it ends.
 *
 * Write-ahead log: a killed process leaves a file that opens again without repair, with every finished transaction.
 * The lock is SQLite's own (`locking_mode=exclusive`), held by the kernel: no stale lock file can remain. While it is
 * held, the file must not be opened and closed by other means in this process (POSIX locks would be dropped); copies
 * are made with `copyTo`.
 *
 * Fails with `store/locked` if another process has it.
 */
export function openDatabase(path: string, durability: Durability): Database {
  const sqlite = new DatabaseSync(path)
  keepPrivate(path) // SQLite gives its log files the same mode
  try {
    sqlite.exec(`pragma busy_timeout = 0; pragma locking_mode = exclusive; pragma journal_mode = wal;
      pragma synchronous = ${durability}; pragma foreign_keys = on; begin immediate; commit; pragma busy_timeout = 5000;`)
  } catch (cause) {
    sqlite.close()
    if (!isLocked(cause)) throw cause
    throw new Failure('store/locked', 'Cannot open the data folder: another downlink process has it open', {}, cause)
  }

  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = sqlite.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  const transaction = <T>(work: () => T): T => {
    sqlite.exec('begin immediate')
    try {
      const result = work()
      sqlite.exec('commit')
      return result
    } catch (cause) {
      sqlite.exec('rollback')
      throw cause
    }
  }

  return {
    prepare,
    all: (sql, ...values) => prepare(sql).all(...values),
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    exec: (sql) => sqlite.exec(sql),
    transaction,
    quickTransaction(work) {
      if (durability === 'normal') return transaction(work)
      sqlite.exec('pragma synchronous = normal')
      try {
        return transaction(work)
      } finally {
        sqlite.exec('pragma synchronous = full')
      }
    },
    async copyTo(path) {
      await backup(sqlite, path, { rate: PAGES_A_STEP })
      keepPrivate(path)
    },
    [Symbol.dispose]() {
      statements.clear()
      sqlite.close()
    },
  }
}

// Deno gives no errcode; SQLite's own text is the same everywhere.
const isLocked = (thrown: unknown): boolean =>
  thrown instanceof Error && /database (file )?is locked|database is busy/i.test(thrown.message)
