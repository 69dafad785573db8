import type { FailureCode } from '../errors.ts'
import type { PlayFailure } from '../history/recorder.ts'
import type { Job } from '../jobs/job.ts'

/** What the rules are held against: the house as it is now. */
export type HouseFacts = {
  readonly sources: readonly {
    readonly id: string
    readonly name: string
    /** What is wrong with it; null: nothing. Sources that are switched off are left out. */
    readonly problem: FailureCode | null
    readonly slots: { readonly total: number; readonly used: number } | null
  }[]
  readonly guides: readonly {
    readonly id: string
    readonly name: string
    /** When it was last known to be the newest, epoch milliseconds; null: never. */
    readonly freshAt: number | null
    readonly problem: FailureCode | null
  }[]
  /** Running channels, and what went wrong with them in the last minute. */
  readonly channels: readonly {
    readonly id: string
    readonly name: string
    /** Packets that were lost, or came marked as damaged. */
    readonly errorsPerMinute: number
    /** Frames that FFmpeg could not decode, where it decodes any. */
    readonly decoderErrorsPerMinute: number
  }[]
  /** Channels that could not be played in the last ten minutes. */
  readonly failures: readonly PlayFailure[]
  /** The newest first. */
  readonly jobs: readonly Pick<Job, 'kind' | 'subject' | 'name' | 'state' | 'problem'>[]
  /** Null: not known. */
  readonly diskFreeBytes: number | null
  readonly fronts: readonly { readonly name: string; readonly problem: FailureCode | null }[]
  /** Since when the house runs: what has not been asked yet is not stale. */
  readonly startedAt: number
}

/** So long a channel that could not be played counts. */
export const FAILURE_WINDOW_MS = 600_000
