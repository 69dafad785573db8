import { closeSync, fsyncSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { XmltvChannel, XmltvProgramme } from '../../core/guide/xmltv/reader.ts'
import { FEED_FORMAT, FEED_INDEXES, FEED_TABLES } from './feed-schema.ts'

/** Writes the file of an import. Only `finish` makes it a whole one; disposing it before leaves a part to be deleted. */
export interface FeedWriter extends Disposable {
  channel(channel: XmltvChannel): void
  programme(programme: XmltvProgramme): void
  /**
   * Makes the file whole and puts it on the disk. `past`: programmes of an earlier file that began after `from`, but
   * before the first of their channel here, are taken over: documents forget yesterday.
   */
  finish(past: { readonly file: string; readonly from: number } | null): void
}

/** A document that names more channels makes them up. */
const MOST_CHANNELS = 200_000

type KnownChannel = { readonly id: number; names: readonly string[]; icons: readonly string[] }

/** Opens a new file. Nothing in it survives a crash before `finish`, which is what makes it fast. */
export function createFeedWriter(path: string): FeedWriter {
  const database = new DatabaseSync(path)
  database.exec(`pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
    pragma cache_size = -8000; ${FEED_TABLES} begin;`)
  const insertProgramme = database.prepare('insert into programme values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const insertChannel = database.prepare('insert into channel values (?, ?, ?, ?, ?)')
  const updateChannel = database.prepare('update channel set names = ?, icons = ? where id = ?')
  const channels = new Map<string, KnownChannel>()

  const channelOf = (id: string): KnownChannel | null => {
    const folded = id.toLowerCase()
    const known = channels.get(folded)
    if (known !== undefined) return known
    if (channels.size >= MOST_CHANNELS) return null
    const channel: KnownChannel = { id: channels.size + 1, names: [], icons: [] }
    channels.set(own(folded), channel)
    insertChannel.run(channel.id, folded, id, '[]', '[]')
    return channel
  }

  let last: { readonly name: string; readonly channel: KnownChannel | null } = { name: '', channel: null }
  let isOpen = true
  const close = (): void => {
    if (isOpen) database.close()
    isOpen = false
  }

  return {
    channel({ id, names, icons }) {
      const channel = channelOf(id)
      if (channel === null) return
      channel.names = [...new Set([...channel.names, ...names.map(own)])]
      channel.icons = [...new Set([...channel.icons, ...icons.map(own)])]
      updateChannel.run(JSON.stringify(channel.names), JSON.stringify(channel.icons), channel.id)
    },
    programme(programme) {
      if (programme.channel !== last.name) last = { name: programme.channel, channel: channelOf(programme.channel) }
      if (last.channel === null) return
      const { categories, details } = programme
      insertProgramme.run(
        last.channel.id,
        programme.start,
        programme.stop,
        programme.title,
        programme.subtitle,
        programme.description,
        categories.length === 0 ? null : JSON.stringify(categories),
        programme.season,
        programme.episode,
        programme.repeat ? 1 : 0,
        details === null ? null : JSON.stringify(details),
      )
    },
    finish(past) {
      database.exec(`commit; ${FEED_INDEXES}`)
      if (past !== null) takeOver(database, past)
      database.exec(`pragma user_version = ${FEED_FORMAT}`)
      close()
      sync(path)
    },
    [Symbol.dispose]() {
      close()
    },
  }
}

/** A copy that does not keep the piece of the document that it was cut from. */
const own = (text: string): string => ` ${text}`.slice(1)

function takeOver(database: DatabaseSync, { file, from }: { readonly file: string; readonly from: number }): void {
  database.prepare('attach ? as past').run(file)
  database
    .prepare(
      `insert into programme
       select c.id, p.start, p.stop, p.title, p.subtitle, p.description, p.categories, p.season, p.episode, p.repeat,
         p.details
       from channel c
       join past.channel o on o.folded = c.folded
       join past.programme p on p.channel_id = o.id
       where p.start >= ? and p.start < (select min(start) from programme where channel_id = c.id)`,
    )
    .run(from)
  database.exec('detach past')
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
