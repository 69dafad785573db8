import type { Channel } from '../lineup/channel.ts'
import type { Log } from '../log.ts'
import { ShiftBuffer } from './shift-buffer.ts'
import { TapeShelf } from './tape-shelf.ts'
import type { TapeStore } from './tape.ts'

/** What time shift needs. */
export type TimeShiftOptions = {
  readonly store: TapeStore
  /** How far back one can go. */
  readonly minutes: number
  /** What may be on disk in the whole house. */
  readonly maxBytes: number
  readonly log: Log
  readonly now: () => number
}

/** Time shift of a house: the last minutes of every channel that somebody watches. */
export interface TimeShift extends AsyncDisposable {
  readonly windowMs: number
  /** A buffer for a channel that is being opened; whoever asks closes it. */
  buffer(channel: Pick<Channel, 'id' | 'name'>): ShiftBuffer
  /** What the owner should know: a disk that cannot follow. */
  notices(): readonly string[]
}

/** Makes the time shift of a house. */
export function createTimeShift({ store, minutes, maxBytes, log, now }: TimeShiftOptions): TimeShift {
  const shelf = new TapeShelf({ store, maxBytes, log, now })
  const windowMs = minutes * 60_000
  return {
    windowMs,
    buffer({ id, name }) {
      const label = { name: id, channelName: name, facts: { channelId: id } }
      return new ShiftBuffer({ shelf, label, windowMs })
    },
    notices: () => shelf.notices(),
    [Symbol.asyncDispose]: () => shelf.closeAll(),
  }
}
