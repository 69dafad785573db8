import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import * as v from 'valibot'
import { foldName as fold } from '../../core/access/accounts.ts'
import type {
  Account,
  EndedSessionStore,
  Limits,
  PeopleStore,
  Role,
  TokenKind,
  TokenRecord,
  TokenScope,
  TokenStore,
} from '../../core/access/accounts.ts'

type Tables = {
  readonly account: {
    readonly name: string
    readonly folded_name: string
    readonly role: Role
    readonly password_hash: string
    readonly created_at: number
    readonly generation: number
    /** JSON of `Limits`. */
    readonly limits: string
  }
  readonly token: {
    readonly id: string
    readonly kind: TokenKind
    readonly name: string
    readonly account: string | null
    readonly owner: string | null
    readonly digest: string | null
    readonly scope: TokenScope
    readonly slate: number
    readonly created_at: number
    readonly last_seen: number | null
    readonly revoked_at: number | null
  }
  readonly ended_session: { readonly id: string; readonly expires_at: number }
}

/** The tables of `core/access` for Kysely. */
export type AccessTables = Tables

const Limits = v.object({
  maxStreams: v.nullable(v.number()),
  groups: v.nullable(v.array(v.string())),
  selections: v.nullable(v.array(v.string())),
  adultLock: v.boolean(),
  expiresAt: v.nullable(v.number()),
})

/** Accounts in SQLite. */
export function createAccountStore(queries: Kysely<Tables>): PeopleStore {
  const admin = queries.selectFrom('account').select('name').where('role', '=', 'admin')
  return {
    async account(name) {
      const row = await queries
        .selectFrom('account')
        .selectAll()
        .where('folded_name', '=', fold(name))
        .executeTakeFirst()
      return row === undefined ? null : toAccount(row)
    },
    async hasAdmin() {
      return (await admin.executeTakeFirst()) !== undefined
    },
    async addFirstAdmin(account) {
      const row = toRow({ ...account, role: 'admin' })
      // One statement, so that two set-ups at the same moment make one owner.
      const { rows } = await sql`
        insert into account (name, folded_name, role, password_hash, created_at, generation, limits)
        select ${row.name}, ${row.folded_name}, ${row.role}, ${row.password_hash}, ${row.created_at}, ${row.generation},
          ${row.limits}
        where not exists (select 1 from account where role = 'admin')
        on conflict (folded_name) do nothing
        returning name`.execute(queries)
      return rows.length > 0
    },
    async putAccount(account) {
      const { folded_name, ...values } = toRow(account)
      await queries
        .insertInto('account')
        .values({ folded_name, ...values })
        .onConflict((conflict) => conflict.column('folded_name').doUpdateSet(values))
        .execute()
    },
    async listAccounts() {
      return (await queries.selectFrom('account').selectAll().orderBy('folded_name').execute()).map(toAccount)
    },
    async removeAccount(name) {
      const { numDeletedRows } = await queries
        .deleteFrom('account')
        .where('folded_name', '=', fold(name))
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}

const toRow = (account: Account): Tables['account'] => ({
  name: account.name,
  folded_name: fold(account.name),
  role: account.role,
  password_hash: account.passwordHash,
  created_at: account.createdAt,
  generation: account.generation,
  limits: JSON.stringify(account.limits satisfies Limits),
})

const toAccount = (row: Tables['account']): Account => ({
  name: row.name,
  role: row.role,
  passwordHash: row.password_hash,
  createdAt: row.created_at,
  generation: row.generation,
  limits: v.parse(Limits, JSON.parse(row.limits)),
})

/** Tokens in SQLite. */
export function createTokenStore(queries: Kysely<Tables>): TokenStore {
  const valid = queries.selectFrom('token').selectAll().where('revoked_at', 'is', null)
  return {
    async add(token) {
      await queries
        .insertInto('token')
        .values({
          id: token.id,
          kind: token.kind,
          name: token.name,
          account: token.account === null ? null : fold(token.account),
          owner: token.owner === null ? null : fold(token.owner),
          digest: token.digest,
          scope: token.scope,
          slate: token.slate ? 1 : 0,
          created_at: token.createdAt,
          last_seen: token.lastSeen,
          revoked_at: null,
        })
        .execute()
    },
    async token(id) {
      const row = await valid.where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : toToken(row)
    },
    async tokenByDigest(digest) {
      const row = await valid.where('digest', '=', digest).executeTakeFirst()
      return row === undefined ? null : toToken(row)
    },
    async tokenOfAccount(account) {
      const row = await valid
        .where('account', '=', fold(account))
        .where('kind', '=', 'viewing')
        .orderBy('created_at')
        .executeTakeFirst()
      return row === undefined ? null : toToken(row)
    },
    async list() {
      return (await valid.orderBy('created_at').orderBy('id').execute()).map(toToken)
    },
    async revoke(id, at) {
      const { numUpdatedRows } = await queries
        .updateTable('token')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async revokedIds() {
      const rows = await queries
        .selectFrom('token')
        .select('id')
        .where('revoked_at', 'is not', null)
        .orderBy('revoked_at')
        .orderBy('id')
        .execute()
      return rows.map((row) => row.id)
    },
    async seen(id, at) {
      await queries.updateTable('token').set({ last_seen: at }).where('id', '=', id).execute()
    },
  }
}

const toToken = (row: Tables['token']): TokenRecord => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  account: row.account,
  owner: row.owner,
  digest: row.digest,
  scope: row.scope,
  slate: row.slate === 1,
  createdAt: row.created_at,
  lastSeen: row.last_seen,
})

/** Sessions that were signed out, in SQLite; those that have expired by `now` are forgotten when the next one ends. */
export function createEndedSessionStore(queries: Kysely<Tables>, now: () => number): EndedSessionStore {
  return {
    async end(id, expiresAt) {
      await queries.deleteFrom('ended_session').where('expires_at', '<', now()).execute()
      await queries
        .insertInto('ended_session')
        .values({ id, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ expires_at: expiresAt }))
        .execute()
    },
    async ended(id) {
      const row = await queries.selectFrom('ended_session').select('id').where('id', '=', id).executeTakeFirst()
      return row !== undefined
    },
  }
}
