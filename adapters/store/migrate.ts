import { Failure } from '../../core/errors.ts'
import type { Database } from './database.ts'

/**
 * Brings the file to the newest layout: the statements of every step it has not seen, each step in its own transaction.
 *
 * Steps are only ever added at the end; their number is the version that `schema_version` holds. Fails with
 * `store/newer` if the file has seen steps that this program does not know.
 */
export function migrate(database: Database, steps: readonly string[]): void {
  database.exec('create table if not exists schema_version (version integer not null)')
  const [row] = database.all('select version from schema_version')
  const version = Number(row?.['version'] ?? 0)
  if (version > steps.length)
    throw new Failure(
      'store/newer',
      `The data folder has layout ${version}, this program knows layouts up to ${steps.length}`,
      { version, known: steps.length },
    )
  for (const [index, step] of steps.entries()) {
    if (index < version) continue
    database.transaction(() => {
      database.exec(step)
      database.run('delete from schema_version')
      database.run('insert into schema_version (version) values (?)', index + 1)
    })
  }
}
