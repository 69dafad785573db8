import * as v from 'valibot'
import { channelKey } from '../../core/lineup/channel.ts'
import type { LineupChanges } from '../../core/lineup/store.ts'
import { SERVING_PACE } from '../serving-pace.ts'
import { ChannelRows, toRows, writeChannels } from './channel-rows.ts'
import type { Database } from './database.ts'
import { named, put } from './revision.ts'

/** A change of more channels is a large one. Writing so many takes a few milliseconds. */
export const CHANNELS_A_PIECE = 250

/** A change of many channels: `write` → `commit`, in a transaction of the caller → `finish`. */
export interface LargeChange {
  /** Writes the change beside the line-up. It counts for nothing yet. */
  write(changes: Pick<LineupChanges, 'put' | 'removed'>): Promise<void>
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

  const carryOut = (position: number, channels: unknown): void => {
    const { removed, put: rows } = v.parse(Piece, channels)
    writeChannels(database, removed, rows)
    database.run('delete from lineup_change where position = ?', position)
  }

  return {
    async write({ removed, put: changed }) {
      const count = Math.max(removed.length, changed.length)
      for (let from = 0; from < count; from += CHANNELS_A_PIECE) {
        const to = from + CHANNELS_A_PIECE
        const piece: Piece = { removed: removed.slice(from, to), put: changed.slice(from, to).map(toRows) }
        database.quickTransaction(() =>
          database.run('insert into lineup_change (position, channels) values (?, ?)', from, JSON.stringify(piece)),
        )
        await giveWay()
      }
    },
    commit: () => put(database, 'change', 'counts'),
    async finish() {
      const counts = named(database, 'change') === 'counts'
      for (;;) {
        const [next] = database.all('select position, channels from lineup_change order by position limit 1')
        if (next === undefined) break
        const position = Number(next['position'])
        database.quickTransaction(() => {
          if (counts) carryOut(position, next['channels'])
          else database.run('delete from lineup_change where position = ?', position)
        })
        await giveWay()
      }
      if (counts) database.quickTransaction(() => put(database, 'change', 'none'))
    },
  }
}
