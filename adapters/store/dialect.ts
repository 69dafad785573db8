import { CompiledQuery, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { DatabaseConnection, Driver, QueryResult } from 'kysely'
import type { Database } from './database.ts'

/**
 * Typed queries on an open database.
 *
 * There are no transactions here: they would stay open over an `await` on the one connection that all share. What has
 * to happen together is one statement, or goes through `Database.transaction`. Destroying it does not close the file.
 */
export function createQueries<Tables>(database: Database): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => createDriver(database),
      createIntrospector: (queries) => new SqliteIntrospector(queries),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

function createDriver(database: Database): Driver {
  const connection = createConnection(database)
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(new TypeError('Use Database.transaction: this connection is shared'))

function createConnection(database: Database): DatabaseConnection {
  const execute = <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
    const statement = database.prepare(sql)
    const values = parameters.map(toValue)
    // Kysely's types say what the rows are; the compiler of the query has checked them against the tables.
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
  return {
    executeQuery: async <R>(query: CompiledQuery) => execute<R>(query),
    async *streamQuery<R>(query: CompiledQuery) {
      yield execute<R>(query)
    },
  }
}

function toValue(parameter: unknown): string | number | bigint | null | Uint8Array {
  if (parameter === null || typeof parameter === 'string' || typeof parameter === 'number') return parameter
  if (typeof parameter === 'bigint' || parameter instanceof Uint8Array) return parameter
  if (typeof parameter === 'boolean') return Number(parameter)
  throw new TypeError(`SQLite takes no parameter of type ${typeof parameter}`)
}
