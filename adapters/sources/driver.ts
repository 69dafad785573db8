import type { GuideDocument } from '../../core/guide/document.ts'
import type { GuideFeed } from '../../core/guide/feed.ts'
import type { Catalogue, LogoSource } from '../../core/lineup/catalogue.ts'
import type { PastOpener } from '../../core/lineup/past.ts'
import type { AccountSeat, SourceCheck } from '../../core/lineup/source-check.ts'
import type { Recorder } from '../../core/lineup/recording-timer.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { VodSource } from '../../core/lineup/vod.ts'
import type { SlotRule, StreamOpener } from '../../core/live/upstream.ts'
import type { Log } from '../../core/log.ts'
import type { Secret } from '../../core/secret.ts'
import type { Notice } from '../../core/notices/notice.ts'
import type { LinearPorts, LinearRoom } from './media/linear-room.ts'
import type { Timers } from './timers.ts'

/** A source at work: every port that the core asks of one. Disposing it closes its connections. */
export interface SourceDriver extends Catalogue, GuideFeed, StreamOpener, SlotRule, LogoSource, AsyncDisposable {
  readonly id: SourceId
  readonly kind: string
  readonly name: string
  /**
   * Its guide as one XMLTV document; absent: `guide` is asked channel by channel. `GuideRef.channel` of its items is then
   * the channel's id in the document.
   */
  readonly guideDocument?: GuideDocument
  /** Films and series; absent: the source has none. */
  readonly vod?: VodSource
  /** Replays what it has sent; absent: it keeps nothing. */
  readonly past?: PastOpener
  /** Its files, and the channels that are made of them; absent: it is no library. */
  readonly linear?: LinearRoom
  /** A small question to see whether it answers. */
  readonly check: SourceCheck
  /** Its recordings and timers; absent: it records nothing. */
  readonly recorder?: Recorder
  /** Its accounts, where it takes turns with several; absent: it does not. */
  seats?(): readonly AccountSeat[]
  /** What its owner should know now. */
  notices(): readonly Notice[]
}

/** What one source keeps from one run to the next: tokens that are costly to get anew. Encrypted where it lies. */
export interface SourceMemory {
  /** Null: never written. */
  read(key: string): Promise<Secret | null>
  write(key: string, value: Secret): Promise<void>
}

/** What every driver is made with. */
export type DriverPorts = {
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly timers?: Timers
  /** Absent: nothing is kept. */
  readonly memory?: SourceMemory
  /** Ports that this program listens on: no source may send us there. */
  readonly ownPorts?: () => readonly number[]
  /** What channels of one's own need; absent: for a draft. */
  readonly linear?: LinearPorts
}
