import type { ChannelId } from '../lineup/channel.ts'
import type { SourceId } from '../lineup/stream.ts'
import type { StreamStatus } from '../live/hub.ts'
import type { Device } from './device.ts'
import { TunerBoard } from './tuner-board.ts'

/** What runs now by channel, in order of its start. */
export type RunningStreams = ReadonlyMap<ChannelId, StreamStatus>

/** A device's tuners, and what runs on them. */
export type Tuners = { readonly board: TunerBoard; readonly running: RunningStreams }

/** Selections come and go: boards of devices that nobody asks for any more are forgotten. */
const MOST_BOARDS = 256

/** The tuners of all devices. */
export interface TunerDesk {
  /** A device's tuners as of now: whoever watches takes them, by whatever way they came. */
  of(device: Pick<Device, 'id'>, sources: readonly SourceId[], count: number): Tuners
}

/** The desk over what runs in the house. */
export function createTunerDesk(streams: () => readonly StreamStatus[]): TunerDesk {
  const boards = new Map<number, TunerBoard>()

  const boardOf = (id: number): TunerBoard => {
    const board = boards.get(id) ?? new TunerBoard()
    boards.delete(id)
    boards.set(id, board)
    const [oldest] = boards.keys()
    if (boards.size > MOST_BOARDS && oldest !== undefined) boards.delete(oldest)
    return board
  }

  return {
    of({ id }, sources, count) {
      const ids = new Set(sources)
      const own = streams().filter(({ sourceId }) => ids.has(sourceId))
      const byStart = own.toSorted((a, b) => a.startedAt - b.startedAt)
      const running: RunningStreams = new Map(byStart.map((stream) => [stream.channelId, stream]))
      const board = boardOf(id)
      board.update(running.keys(), count)
      return { board, running }
    },
  }
}
