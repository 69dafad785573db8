import * as v from 'valibot'
import { channelKey } from '../../core/lineup/channel.ts'
import type { LineupChanges } from '../../core/lineup/store.ts'
import { SERVING_PACE } from '../serving-pace.ts'
import { addChannels, ChannelRows, toRows, writeChannels } from './channel-rows.ts'
import type { Database } from './database.ts'
import { named, put } from './revision.ts'

/** A change of more channels is a large one. Writing so many takes a few milliseconds. */
export const CHANNELS_A_PIECE = 250

/**
 * A change of many channels: `write` → `commit`, in a transaction of the caller that also moves `next_key` → `finish`.
 *
 * New channels are written to their place at once: with a key that was never given out they count for nothing. What
 * happens to known ones is written beside them.
 */
export interface LargeChange {
  /** Writes the change. It counts for nothing yet. `nextKey`: as it was before the change. */
  write(changes: Pick<LineupChanges, 'put' | 'removed'>, nextKey: number): Promise<void>
  /** Makes what was written count. */
  commit(): void
  /** Carries out what counts, and forgets what does not. */
  finish(): Promise<void>
}

const Piece = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ removed: v.array(v.pipe(v.number(), v.transform(channelKey))), put: v.array(ChannelRows) }),
)
type Piece = v.InferOutput<typeof Piece>

/** Large changes of the line-up in this database, one at a time. */
export function createLargeChange(database: Database): LargeChange {
  const { giveWay } = SERVING_PACE

  const writePiece = (position: number, { removed, put: changed }: Piece, nextKey: number): void => {
    const isNew = ({ channel: [key] }: ChannelRows): boolean => Number(key) >= nextKey
    addChannels(database, changed.filter(isNew))
    const piece: Piece = { removed, put: changed.filter((rows) => !isNew(rows)) }
    if (piece.removed.length + piece.put.length > 0)
      database.run('insert into lineup_change (position, channels) values (?, ?)', position, JSON.stringify(piece))
  }
  const carryOut = (channels: unknown): void => {
    const { removed, put: changed } = v.parse(Piece, channels)
    writeChannels(database, removed, changed)
  }

  return {
    async write({ removed, put: changed }, nextKey) {
      const count = Math.max(removed.length, changed.length)
      for (let from = 0; from < count; from += CHANNELS_A_PIECE) {
        const to = from + CHANNELS_A_PIECE
        const piece = { removed: removed.slice(from, to), put: changed.slice(from, to).map(toRows) }
        database.quickTransaction(() => writePiece(from, piece, nextKey))
        await giveWay()
      }
    },
    commit: () => put(database, 'change', 'counts'),
    async finish() {
      const counts = named(database, 'change') === 'counts'
      for (;;) {
        const [next] = database.all('select position, channels from lineup_change order by position limit 1')
        if (next === undefined) break
        database.quickTransaction(() => {
          if (counts) carryOut(next['channels'])
          database.run('delete from lineup_change where position = ?', Number(next['position']))
        })
        await giveWay()
      }
      if (counts) database.quickTransaction(() => put(database, 'change', 'none'))
      else database.run('delete from channel where key >= ?', Number(named(database, 'next_key') ?? 1))
    },
  }
}
