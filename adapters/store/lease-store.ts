import type { Lease, LeaseStore } from '../../core/access/leases.ts'
import type { Database, Row } from './database.ts'

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
]

// The order of choice is the whole rule: the same lease, a free seat, the oldest of the same device. One statement, so that
// two who ask at once never get the same seat.
const ACQUIRE = `
  with recursive seat (slot) as (select 1 union all select slot + 1 from seat where slot < $limit)
  insert into lease (account, slot, id, device, subject, since, expires_at, replaced)
  select $account, seat.slot, $id, $device, $subject, coalesce(iif(lease.id = $id, lease.since, null), $now), $expiresAt,
    iif(lease.expires_at > $now and lease.id <> $id, lease.id, null)
  from seat left join lease on lease.account = $account and lease.slot = seat.slot
  where lease.id is null or lease.expires_at <= $now or lease.device = $device
  order by lease.id is not $id, lease.id is not null and lease.expires_at > $now, lease.since, seat.slot
  limit 1
  on conflict (account, slot) do update set id = excluded.id, device = excluded.device, subject = excluded.subject,
    since = excluded.since, expires_at = excluded.expires_at, replaced = excluded.replaced
  returning replaced`

/** Leases in SQLite. Nobody else has the file, so what is in it at the start is of a process that has died. */
export function createLeaseStore(database: Database): LeaseStore {
  database.run('delete from lease')
  const acquire = database.prepare(ACQUIRE)
  const elsewhere = database.prepare('delete from lease where id = ? and (account <> ? or slot > ?)')
  return {
    async acquire({ id, account, device, subject, since, expiresAt, limit }) {
      elsewhere.run(id, account, limit)
      const row = acquire.get({
        $id: id,
        $account: account,
        $device: device,
        $subject: subject,
        $now: since,
        $expiresAt: expiresAt,
        $limit: limit,
      })
      if (row === undefined) return null
      const { replaced } = row
      return { replaced: typeof replaced === 'string' ? replaced : null }
    },
    async renew(id, { now, expiresAt }) {
      return database.run('update lease set expires_at = ? where id = ? and expires_at > ?', expiresAt, id, now) > 0
    },
    async release(id) {
      database.run('delete from lease where id = ?', id)
    },
    async list(now) {
      return database
        .all('select * from lease where expires_at > ? order by account, since, slot', now)
        .map((row) => toLease(row))
    },
  }
}

const toLease = (row: Row): Lease => ({
  id: String(row['id']),
  account: String(row['account']),
  device: String(row['device']),
  subject: String(row['subject']),
  since: Number(row['since']),
  expiresAt: Number(row['expires_at']),
})
