import type { Channel } from '../lineup/channel.ts'
import type { Programme } from './programme.ts'

/** Port: the stored guide for reading. Programmes are ordered by start, without overlaps or double starts. */
export interface GuideReader {
  /** Changes with every change of the stored guide and only then. */
  revision(): string
  /** Programmes of one channel that touch the window [from, to). */
  programmes(
    channel: Channel,
    window: { from: number; to: number },
  ): readonly Programme[] | Promise<readonly Programme[]>
}
