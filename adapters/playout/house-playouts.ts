import { join } from 'node:path'
import { Failure } from '../../core/errors.ts'
import type { HouseFormat } from '../../core/linear/house-format.ts'
import { readSlate } from '../../core/linear/joiner/slate-feed.ts'
import type { MediaShelf, ProgrammeLine } from '../../core/linear/line.ts'
import type { Looks } from '../../core/linear/looks.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { EncoderLadder } from '../ffmpeg/encoder-ladder.ts'
import { startFfmpeg } from '../ffmpeg/process.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { createPlayout } from './create-playout.ts'
import type { Playout } from './create-playout.ts'
import { createEncoderSeats } from './encoder-seats.ts'
import { createItemArgs } from './item/create-item-args.ts'
import { probeItemTools, toolNotices } from './item/filters.ts'
import type { ItemTools } from './item/filters.ts'
import type { HouseStyle } from './item/house-output.ts'
import { createHouseSlates } from './item/house-slate.ts'
import { createItemProps } from './item/item-props.ts'
import type { ItemPropsMaker } from './item/item-props.ts'
import { languageOf } from './item/languages.ts'
import type { LiveChannels } from './ports.ts'

/** A channel as it is to be played. */
export type PlayedChannel = {
  readonly id: string
  readonly name: string
  readonly house: HouseFormat
  readonly looks: Looks
  readonly line: ProgrammeLine
  readonly shelf: MediaShelf
  readonly live: LiveChannels
  /** The logo's file, absolute; absent: there is none, whatever the looks say. */
  readonly logoFile?: string | null
}

/** What the playouts of a house share. */
export type HousePlayoutsOptions = {
  readonly ffmpeg: Ffmpeg
  readonly ladder: Pick<EncoderLadder, 'current' | 'failed' | 'worked'>
  /** Where slates stay from one run to the next. */
  readonly dir: string
  /** How many channels may be encoded at a time; null: no limit. */
  readonly encoderLimit: () => number | null
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that never go back. */
  readonly steady: () => number
  readonly timers: Timers
}

/** The playouts of a house: one FFmpeg, one set of slates, one number of encoders for all channels. */
export interface HousePlayouts {
  of(channel: PlayedChannel): Playout
}

/** Asks FFmpeg at once what it can do; otherwise nothing runs before a channel is opened. A channel fails with `ffmpeg/missing` where there is none. */
export function createHousePlayouts(options: HousePlayoutsOptions): HousePlayouts {
  const { ffmpeg, ladder, dir, log, now, steady, timers } = options
  const seats = createEncoderSeats(options.encoderLimit)
  const slates = createHouseSlates({ ffmpeg, encoder: () => ladder.current(), dir: join(dir, 'slates'), log })
  let asked: Promise<ItemTools> | null = null
  let props: ItemPropsMaker | null = null
  const ask = async (path: string): Promise<ItemTools> => {
    try {
      const found = await probeItemTools(path)
      for (const notice of toolNotices(found)) log('warn', 'ffmpeg-lacks', { notice })
      return found
    } catch (error) {
      // A machine that is busy: the next piece asks again.
      asked = null
      throw error
    }
  }
  const tools = (path: string): Promise<ItemTools> => (asked ??= ask(path))
  // Whoever watches first does not wait for it; what goes wrong is told when a channel is opened.
  if (ffmpeg.path !== null) tools(ffmpeg.path).catch(() => {})

  return {
    of({ id, name, house, looks, line, shelf, live, logoFile }) {
      const { path } = ffmpeg
      if (path === null) return { open: () => Promise.reject(new Failure('ffmpeg/missing', 'There is no FFmpeg')) }
      const style: HouseStyle = { house, looks, serviceName: name }
      const args = createItemArgs({
        style,
        looks,
        logoFile: logoFile ?? null,
        ffmpeg: { path },
        tools: () => tools(path),
        props: (props ??= createItemProps({ ffmpeg: { path }, dir: join(dir, 'props'), log })),
      })
      return createPlayout({
        channel: { id, name },
        line,
        shelf,
        house,
        live,
        log,
        now,
        steady,
        timers,
        seats,
        languages: Array.from({ length: looks.audioTracks }, (_, track) =>
          // A channel with one track does not say which language that speaks: it depends on the programme.
          looks.audioTracks > 1 ? languageOf(looks.languages[track] ?? null) : null,
        ),
        itemArgs: args,
        startProcess: (words, events) => startFfmpeg(path, words, events),
        encoders: ladder,
        async makeSlate(words) {
          const slate = await slates.slate(words, style)
          return slate === null ? null : readSlate(slate.bytes, house)
        },
      })
    },
  }
}
