import type { AuditBook, AuditEntry } from '../../core/access/audit.ts'
import type { Database, Row } from './database.ts'

const MOST_ENTRIES = 10_000

/** The book of changes in SQLite: the last 10,000. */
export function createAuditBook(database: Database): AuditBook {
  return {
    async write({ at, who, by, address, action, status }) {
      database.transaction(() => {
        database.run(
          'insert into audit (at, who, by, address, action, status) values (?, ?, ?, ?, ?, ?)',
          at,
          who,
          by,
          address,
          action,
          status,
        )
        database.run('delete from audit where id <= (select max(id) from audit) - ?', MOST_ENTRIES)
      })
    },
    async read({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return database
        .all('select * from audit where id < ? order by id desc limit ?', before, limit)
        .map((row) => toEntry(row))
    },
  }
}

const toEntry = (row: Row): AuditEntry => ({
  id: Number(row['id']),
  at: Number(row['at']),
  who: row['who'] === null ? null : String(row['who']),
  by: String(row['by']),
  address: String(row['address']),
  action: String(row['action']),
  status: Number(row['status']),
})
