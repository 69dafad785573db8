import type { LeaseStore } from '../../core/access/leases.ts'
import { createSqlLeases, LEASE_TABLE } from '../leases/sql-leases.ts'
import type { Database } from './database.ts'

/** Layout of `leases.db`: who watches now. Steps are only ever added at the end. */
export const LEASE_STEPS: readonly string[] = [
  `
  create table lease (
    account text not null,
    slot integer not null, -- from 1 to the person's limit
    id text not null unique,
    device text not null,
    subject text not null,
    since integer not null,
    expires_at integer not null,
    replaced text, -- whose seat it was
    primary key (account, slot)
  ) strict, without rowid;
  `,
  // Seats are counted and no longer numbered: a limit that is lowered would leave some beyond it uncounted.
  `drop table lease; ${LEASE_TABLE}`,
]

/** Leases in SQLite. Nobody else has the file, so what is in it at the start is of a process that has died. */
export function createLeaseStore(database: Database): LeaseStore {
  database.run('delete from lease')
  return createSqlLeases({
    all: (sql, ...values) => database.all(sql, ...values),
    transaction: (work) => database.transaction(work),
  })
}
