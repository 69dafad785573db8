import type { ShortLink, ShortLinkStore } from '../../core/access/short-link.ts'
import type { Database } from './database.ts'

/** Short links in SQLite. */
export function createShortLinkStore(database: Database): ShortLinkStore {
  return {
    async put({ digest, tokenId, aim, createdAt, expiresAt }) {
      database.transaction(() => {
        database.run('delete from short_link where token_id = ? or expires_at <= ?', tokenId, createdAt)
        database.run(
          'insert into short_link (digest, token_id, selection, client, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
          digest,
          tokenId,
          aim.selection,
          aim.client,
          createdAt,
          expiresAt,
        )
      })
    },
    async find(digest) {
      const [row] = database.all('select * from short_link where digest = ?', digest)
      return row === undefined ? null : toShortLink(row)
    },
    all: async () => database.all('select * from short_link order by created_at desc').map(toShortLink),
    async extend(digest, expiresAt) {
      database.run('update short_link set expires_at = ? where digest = ?', expiresAt, digest)
    },
  }
}

const toShortLink = (row: Readonly<Record<string, unknown>>): ShortLink => ({
  digest: String(row['digest']),
  tokenId: String(row['token_id']),
  aim: { selection: textOrNull(row['selection']), client: textOrNull(row['client']) },
  createdAt: Number(row['created_at']),
  expiresAt: Number(row['expires_at']),
})

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
