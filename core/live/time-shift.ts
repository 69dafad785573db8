import type { Channel } from '../lineup/channel.ts'
import type { Log } from '../log.ts'
import { ShiftBuffer } from './shift-buffer.ts'
import { TapeShelf } from './tape-shelf.ts'
import type { TapeLabel } from './tape-shelf.ts'
import type { Tape } from './tape.ts'
import type { TapeStore } from './tape.ts'
import type { Notice } from '../notices/notice.ts'

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
  /** An empty tape for something else that is kept of a channel: `what`, as part of its name; `close` gives it back. */
  tape(channel: Pick<Channel, 'id' | 'name'>, what: string): Tape
  /** Deletes a tape. */
  close(tape: Tape): Promise<void>
  /** What the owner should know: a disk that cannot follow. */
  notices(): readonly Notice[]
}

/** Makes the time shift of a house. */
export function createTimeShift({ store, minutes, maxBytes, log, now }: TimeShiftOptions): TimeShift {
  const shelf = new TapeShelf({ store, maxBytes, log, now })
  const windowMs = minutes * 60_000
  const labelOf = ({ id, name }: Pick<Channel, 'id' | 'name'>, what: string): TapeLabel => ({
    name: `${id}-${what.replace(/[^a-zA-Z0-9]+/g, '-')}`,
    channelName: name,
    facts: { channelId: id, what },
  })
  return {
    windowMs,
    buffer: (channel) => new ShiftBuffer({ shelf, label: labelOf(channel, 'ts'), windowMs }),
    tape: (channel, what) => shelf.open(labelOf(channel, what)),
    close: (tape) => shelf.close(tape),
    notices: () => shelf.notices(),
    [Symbol.asyncDispose]: () => shelf.closeAll(),
  }
}
