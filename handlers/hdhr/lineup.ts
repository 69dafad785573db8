import type { Context } from 'hono'
import { lineupEntry } from '../../core/hdhr/lineup-entry.ts'
import { LINEUP_FORMS } from '../../core/hdhr/lineup-documents.ts'
import type { LineupForm } from '../../core/hdhr/lineup-documents.ts'
import { FAVOURITES } from '../../core/lineup/lineup.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import type { Env } from '../env.ts'
import type { HdhrHouse } from './house.ts'

/** Every caller with a token has a view of its own: the least used go first. */
const MOST_HELD_BYTES = 16 * 1024 * 1024

/**
 * Answers line-ups of devices. Each view of a revision is written once: some clients ask every few seconds.
 * Parameters (`show`, `tuning`) are ignored, as devices without such channels do.
 */
export function createLineupAnswers(house: HdhrHouse): (c: Context<Env>, form: LineupForm) => Response {
  const utf8 = new TextEncoder()
  let held = 0
  const written = new Map<string, Uint8Array<ArrayBuffer>>()

  const keep = (view: string, bytes: Uint8Array<ArrayBuffer>): void => {
    written.set(view, bytes)
    held += bytes.length
    for (const [oldest, { length }] of written) {
      if (held <= MOST_HELD_BYTES || oldest === view) break
      written.delete(oldest)
      held -= length
    }
  }

  return (c, form) => {
    const { lineup, channels, root, device } = house.visit(c)
    const { contentType, write } = LINEUP_FORMS[form]
    const view = `${lineup.revision} ${form} ${device.id} ${root}`
    let bytes = written.get(view)
    if (bytes === undefined) {
      const favourites = favouritesOf(lineup)
      bytes = utf8.encode(
        write(channels.map((channel) => lineupEntry(channel, { root, isFavourite: favourites.has(channel.key) }))),
      )
    } else {
      written.delete(view)
      held -= bytes.length
    }
    keep(view, bytes)
    const headers = {
      'content-type': contentType,
      'cache-control': 'no-cache',
      'content-length': String(bytes.length),
    }
    return new Response(c.req.method === 'HEAD' ? null : bytes, { headers })
  }
}

const favouritesOf = ({ selections = [] }: LineupIndex): ReadonlySet<number> =>
  new Set(selections.find(({ id }) => id === FAVOURITES)?.channels)
