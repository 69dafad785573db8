import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { EncoderLadder } from '../adapters/ffmpeg/encoder-ladder.ts'
import type { Ffmpeg } from '../adapters/ffmpeg/resolve.ts'
import { defaultLimit } from '../adapters/lan/transcode-desk.ts'
import { createHousePlayouts } from '../adapters/playout/house-playouts.ts'
import type { HousePlayouts } from '../adapters/playout/house-playouts.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Log } from '../core/log.ts'
import type { HouseConfig } from './load-config.ts'

/** The playouts of this house, which share its encoders. */
export type Playouts = HousePlayouts & {
  /** How many channels may have their pictures encoded at a time. */
  limit(): number
}

/** What playouts are made with. */
export type PlayoutsParts = {
  readonly config: Pick<HouseConfig, 'dataDir' | 'transcode'>
  readonly ffmpeg: Ffmpeg
  readonly ladder: EncoderLadder
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that only go forward. */
  readonly steadyNow: () => number
}

/** Makes them; nothing runs before one is opened. */
export function createPlayouts({ config, ffmpeg, ladder, log, now, steadyNow }: PlayoutsParts): Playouts {
  const limit = (): number => {
    const encoder = ladder.current()
    const isHardware = encoder !== null && encoder.kind !== 'software'
    return config.transcode.limit ?? defaultLimit(availableParallelism(), isHardware)
  }
  const playouts = createHousePlayouts({
    ffmpeg,
    ladder,
    log,
    now,
    dir: join(config.dataDir, 'cache', 'playout'),
    encoderLimit: limit,
    steady: steadyNow,
    timers: systemTimers,
  })
  return { of: (channel) => playouts.of(channel), limit }
}
