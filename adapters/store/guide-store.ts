import type { GuideBatch } from '../../core/guide/feed.ts'
import { isSameProgramme, mergeWindow } from '../../core/guide/merge.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { GuideStore } from '../../core/guide/store.ts'
import type { Window } from '../../core/guide/window.ts'
import type { Database } from './database.ts'
import { createListReader, Names } from './list-reader.ts'
import { readProgrammeRow } from './programme-row.ts'
import { openRevision } from './revision.ts'

/** The guide in SQLite. One batch is one transaction of a few milliseconds, so that serving goes on between batches. */
export function createGuideStore(database: Database): GuideStore {
  const revision = openRevision(database)
  const words = createListReader(Names)

  const idOf = (feed: string, channel: string): number | null => {
    const [row] = database.all('select id from guide_channel where feed = ? and channel = ?', feed, channel)
    return row === undefined ? null : Number(row['id'])
  }

  const touching = (id: number, { from, to }: Window): readonly Programme[] =>
    database
      .all(
        // Programmes do not overlap, so only the last one before the window can reach into it: no scan of what is past.
        `select * from programme where channel_id = ?1 and stop > ?2 and start < ?3 and start >= coalesce(
           (select max(start) from programme where channel_id = ?1 and start <= ?2), ?2) order by start`,
        id,
        from,
        to,
      )
      .map((row) => readProgrammeRow(row, words))

  const replace = (feed: string, batch: GuideBatch, fetchedAt: number): boolean => {
    const advanced = database.transaction(() => {
      database.run(
        `insert into guide_channel (feed, channel, fetched_at) values (?, ?, ?)
         on conflict (feed, channel) do update set fetched_at = excluded.fetched_at`,
        feed,
        batch.channel,
        fetchedAt,
      )
      const id = idOf(feed, batch.channel)
      if (id === null) throw new TypeError('A row that was just written is missing')
      const changed = writeDifference(database, id, batch, touching(id, reachOf(batch)))
      return changed ? revision.advance() : null
    })
    advanced?.settle()
    return advanced !== null
  }

  const prune = (before: number): number => {
    const advanced = database.transaction(() => {
      let count = 0
      for (const { id } of database.all('select id from guide_channel'))
        count += database.run(
          'delete from programme where channel_id = ? and start < ? and stop <= ?',
          Number(id),
          before,
          before,
        )
      return { count, revision: count > 0 ? revision.advance() : null }
    })
    advanced.revision?.settle()
    return advanced.count
  }

  return {
    revision: () => revision.current(),
    replace: async (feed, batch, fetchedAt) => replace(feed, batch, fetchedAt),
    programmes(ref, window) {
      const id = idOf(ref.feed, ref.channel)
      return id === null ? [] : touching(id, window)
    },
    async fetched(feed) {
      const rows = database.all('select channel, fetched_at from guide_channel where feed = ?', feed)
      return new Map(rows.map((row) => [String(row['channel']), Number(row['fetched_at'])]))
    },
    prune: async (before) => prune(before),
  }
}

/** The window that a batch can change: its own, and as far as its programmes reach over the edges. */
function reachOf(batch: GuideBatch): Window {
  let { from, to } = batch
  for (const { start, stop } of batch.programmes) {
    from = Math.min(from, start)
    to = Math.max(to, stop)
  }
  return { from, to }
}

function writeDifference(database: Database, id: number, batch: GuideBatch, stored: readonly Programme[]): boolean {
  const next = mergeWindow(stored, batch.programmes, batch)
  const old = new Map(stored.map((programme) => [programme.start, programme]))
  let changed = false
  for (const programme of next) {
    const twin = old.get(programme.start)
    old.delete(programme.start)
    if (twin !== undefined && isSameProgramme(twin, programme)) continue
    writeProgramme(database, id, programme)
    changed = true
  }
  for (const start of old.keys()) {
    database.run('delete from programme where channel_id = ? and start = ?', id, start)
    changed = true
  }
  return changed
}

function writeProgramme(database: Database, id: number, programme: Programme): void {
  database.run(
    `insert or replace into programme
       (channel_id, start, stop, title, subtitle, description, categories, season, episode, repeat, details)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    programme.start,
    programme.stop,
    programme.title,
    programme.subtitle,
    programme.description,
    JSON.stringify(programme.categories),
    programme.season,
    programme.episode,
    Number(programme.repeat),
    programme.details === undefined ? null : JSON.stringify(programme.details),
  )
}
