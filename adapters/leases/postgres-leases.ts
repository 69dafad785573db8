import postgres from 'postgres'
import type { Lease } from '../../core/access/leases.ts'
import { Failure } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { POSTGRES_STEPS } from './postgres-layout.ts'
import { ANSWER_WITHIN_MS, answerWithin, codeOf, noLeases } from './shared-leases.ts'
import type { LeasePorts, SharedLeases } from './shared-leases.ts'

/** A seat is taken in a millisecond: more connections only make the server slower. */
const MOST_CONNECTIONS = 4
const IDLE_SECONDS = 60

/**
 * Leases in PostgreSQL 12 or newer, in tables `downlink_…` that it makes by itself in the first schema of the search path.
 *
 * `url`: `postgres://user:password@host:5432/database`, with what libpq takes as a query (`sslmode=require`).
 */
export function createPostgresLeases(url: Secret, { now }: LeasePorts): SharedLeases {
  const sql = postgres(url.reveal(), {
    max: MOST_CONNECTIONS,
    idle_timeout: IDLE_SECONDS,
    connect_timeout: ANSWER_WITHIN_MS / 1000,
    backoff: () => 0.25,
    fetch_types: false,
    onnotice: () => {},
    connection: {
      application_name: 'downlink',
      statement_timeout: ANSWER_WITHIN_MS,
      // What `downlink_acquire_lease` needs, whatever the owner of the database has as the default.
      default_transaction_isolation: 'read committed',
    },
  })
  let layout: Promise<void> | null = null

  const ready = async (): Promise<void> => {
    layout ??= bringUp(sql)
    try {
      await layout
    } catch (error) {
      layout = null
      throw error
    }
  }

  /** One statement against the right layout. */
  const ask = async (
    statement: string,
    values: readonly (string | number | boolean)[] = [],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    try {
      return await answerWithin(ANSWER_WITHIN_MS, 'The PostgreSQL server takes too long', async (signal) => {
        await ready()
        const query = sql.unsafe(statement, [...values], { prepare: true })
        signal.addEventListener('abort', () => query.cancel())
        return query
      })
    } catch (error) {
      throw explain(error)
    }
  }

  return {
    async acquire({ account, id, device, subject, since, expiresAt, limit, mayReplace }) {
      const values = [account, id, device, subject, since, expiresAt, limit, mayReplace]
      const [row] = await ask('select * from downlink_acquire_lease($1, $2, $3, $4, $5, $6, $7, $8)', values)
      if (row?.['is_seated'] !== true) return null
      const { replaced } = row
      return { replaced: typeof replaced === 'string' ? replaced : null }
    },
    async renew({ account, id }, times) {
      const rows = await ask(
        'update downlink_lease set expires_at = $1 where account = $2 and id = $3 and expires_at > $4 returning id',
        [times.expiresAt, account, id, times.now],
      )
      return rows.length > 0
    },
    async release({ account, id }) {
      await ask('delete from downlink_lease where account = $1 and id = $2', [account, id])
    },
    async list(at) {
      const rows = await ask('select * from downlink_lease where expires_at > $1 order by account, since, id', [at])
      return rows.map(toLease)
    },
    async check() {
      const [row] = await ask(
        `select current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 as clock`,
      )
      const [version = ''] = String(row?.['version']).split(' ')
      return { product: `PostgreSQL ${version}`, aheadMs: Math.round(Number(row?.['clock']) - now()) }
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  }
}

/** Makes tables and functions, one process at a time; those of a newer version are taken as they are. */
async function bringUp(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (step) => {
    await step`select pg_advisory_xact_lock(hashtext('downlink_layout'), 0)`
    await step`create table if not exists downlink_layout (part text primary key, version integer not null)`
    const [row] = await step`select version from downlink_layout where part = 'leases'`
    const version = Number(row?.['version'] ?? 0)
    for (const text of POSTGRES_STEPS.slice(version)) await step.unsafe(text)
    if (version < POSTGRES_STEPS.length)
      await step`insert into downlink_layout values ('leases', ${POSTGRES_STEPS.length})
        on conflict (part) do update set version = excluded.version`
  })
}

/** What the owner can do something about, by SQLSTATE (PostgreSQL, appendix A) or by the system's word. */
const REASONS: Readonly<Record<string, string>> = {
  '28P01': 'refuses the user name or the password',
  '28000': 'refuses the user name or the password',
  '3D000': 'has no such database',
  '42501': 'does not let this user make or change its tables',
  '53300': 'has no connection left',
  '57014': 'takes too long',
  '57P03': 'is starting',
  ECONNREFUSED: 'is not there: nobody listens at its address',
  ENOTFOUND: 'is not there: its host name is unknown',
  CONNECT_TIMEOUT: 'does not answer',
}

function explain(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const code = codeOf(error)
  return noLeases(
    `The PostgreSQL server ${REASONS[code] ?? `cannot be asked (${code || 'the connection is broken'})`}`,
    error,
  )
}

const toLease = (row: Readonly<Record<string, unknown>>): Lease => ({
  id: String(row['id']),
  account: String(row['account']),
  device: String(row['device']),
  subject: String(row['subject']),
  since: Number(row['since']),
  expiresAt: Number(row['expires_at']),
})
