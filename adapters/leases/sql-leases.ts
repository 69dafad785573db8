import type { Lease, LeaseStore } from '../../core/access/leases.ts'
import { seatFor } from '../../core/access/seating.ts'

/** SQLite that answers at once, whoever carries it: `node:sqlite`, or the storage of a Durable Object. */
export type LeaseDatabase = {
  /** Gives the rows of a statement, by name of column. */
  readonly all: (sql: string, ...values: (string | number)[]) => readonly Readonly<Record<string, unknown>>[]
  /** All of `work` or nothing of it. */
  readonly transaction: <T>(work: () => T) => T
}

/** The one table. Leases live for seconds, so another layout of it may begin with nothing. */
export const LEASE_TABLE = `
  create table if not exists lease (
    id text primary key,
    account text not null,
    device text not null,
    subject text not null,
    since integer not null,
    expires_at integer not null
  ) strict, without rowid;
  create index if not exists lease_of_account on lease (account);
  create index if not exists lease_by_end on lease (expires_at);`

/** Leases in SQLite. Nothing comes between the statements of `acquire`, because none of them waits. */
export function createSqlLeases({ all, transaction }: LeaseDatabase): LeaseStore {
  return {
    async acquire(wish) {
      return transaction(() => {
        const seating = seatFor(all('select * from lease where account = ?', wish.account).map(toLease), wish)
        if (seating === null) return null
        const { lease, replaced } = seating
        const { id, account, device, subject, since, expiresAt } = lease
        all('delete from lease where account = ? and (expires_at <= ? or id = ?)', account, wish.since, replaced ?? id)
        all('insert or replace into lease values (?, ?, ?, ?, ?, ?)', id, account, device, subject, since, expiresAt)
        return { replaced }
      })
    },
    async renew({ id, account }, { now, expiresAt }) {
      const sql = 'update lease set expires_at = ? where id = ? and account = ? and expires_at > ? returning id'
      return all(sql, expiresAt, id, account, now).length > 0
    },
    async release({ id, account }) {
      all('delete from lease where id = ? and account = ?', id, account)
    },
    async list(now) {
      return all('select * from lease where expires_at > ? order by account, since, id', now).map(toLease)
    },
  }
}

const toLease = (row: Readonly<Record<string, unknown>>): Lease => ({
  id: String(row['id']),
  account: String(row['account']),
  device: String(row['device']),
  subject: String(row['subject']),
  since: Number(row['since']),
  expiresAt: Number(row['expires_at']),
})
