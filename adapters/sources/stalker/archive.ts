import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import type { PastOpener } from '../../../core/lineup/past.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import { archiveLinkQuery, dayQuery } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { createFileOpener } from './file-opener.ts'
import type { FileOpenerOptions } from './file-opener.ts'
import { readItem } from './guide-rows.ts'
import { looseFlag, looseText, member } from './loose.ts'
import { walkPages } from './pages.ts'
import type { PortalChannel } from './rows.ts'

/** What the archive of a portal needs. */
export type ArchiveOptions = FileOpenerOptions & {
  /** The channel of a stream. Fails with `live/refused` if the portal lists it no more. */
  readonly channelOf: (stream: Stream, signal: AbortSignal) => Promise<PortalChannel>
  readonly has: (box: BoxSession, channel: PortalChannel) => boolean
  /** Reads the portal's wall clock; null: that is no time. */
  readonly clock: (text: string) => number | null
  /** The date on the portal's wall at an instant, `YYYY-MM-DD`. */
  readonly dateAt: (instant: number) => string
}

const DAY_MS = 24 * 3_600_000
const MOST_PAGES = 12
/** Guides and viewers round: what begins so soon after the wished instant is what was meant. */
const NEAR_MS = 60_000

/**
 * Replays programmes that a portal keeps. It knows them by their ids in its guide and sends each from its beginning, so
 * what is asked for is looked up there first. Source: protocols/stalker.md §8.
 */
export function createArchive(options: ArchiveOptions): PastOpener {
  const openFile = createFileOpener(options)

  /** The id of the programme at an instant, on the day of its wall clock or the day before. */
  const programmeAt = async (
    box: BoxSession,
    channel: PortalChannel,
    instant: number,
    signal: AbortSignal,
  ): Promise<string> => {
    for (const date of new Set([options.dateAt(instant), options.dateAt(instant - DAY_MS)])) {
      const query = (page: number) => dayQuery(channel.id ?? '', date, page)
      const rows = await walkPages(box, query, signal, { urgency: 'play', mostPages: MOST_PAGES })
      const row = rows.find((one) => {
        const item = readItem(one, options.clock)
        return item !== null && item.start <= instant + NEAR_MS && item.stop > instant + NEAR_MS
      })
      const id = v.parse(looseText, member(row, 'id'))
      if (id === '') continue
      if (v.parse(looseFlag, member(row, 'mark_archive'))) return id
      throw new Failure('live/no-past', `The portal has not kept this programme of "${channel.name}"`)
    }
    throw new Failure('live/no-past', `The portal's guide knows no programme of "${channel.name}" at this instant`)
  }

  return {
    async openPast({ stream, span, range, signal }) {
      const channel = await options.channelOf(stream, signal)
      return openFile({
        playing: 'archive',
        name: channel.name,
        query: async (box, until) => archiveLinkQuery(await programmeAt(box, channel, span.from, until)),
        canPlay: (box) => options.has(box, channel),
        range,
        signal,
      })
    },
  }
}
