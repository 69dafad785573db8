import type { GuideRef } from '../lineup/channel.ts'
import type { GuideBatch } from './feed.ts'
import type { Programme } from './programme.ts'
import type { Window } from './window.ts'

/** Port of the store: programmes by feed and by the feed's own name of the channel. */
export interface GuideStore {
  /** Changes with every change of the stored programmes and only then. */
  revision(): string
  /**
   * Takes in all that a feed has for one channel and window (`mergeWindow` says what stays) and notes when it was
   * fetched. True: the guide changed by it.
   */
  replace(feed: string, batch: GuideBatch, fetchedAt: number): Promise<boolean>
  /** Programmes that touch the window [from, to), ordered by start, without overlaps. */
  programmes(ref: GuideRef, window: Window): readonly Programme[] | Promise<readonly Programme[]>
  /** When each channel of the feed was fetched last, epoch milliseconds. */
  fetched(feed: string): Promise<ReadonlyMap<string, number>>
  /** Forgets programmes that ended before this instant; gives their number. */
  prune(before: number): Promise<number>
}
