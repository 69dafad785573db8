import { Failure } from '../../core/errors.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { EncoderLadder } from '../ffmpeg/encoder-ladder.ts'

/** Who zaps leaves one transcode and asks for the next: the one before may need a moment to end. */
const HAND_OVER_MS = 1500
/** Decoding and scaling stay in software: at most so many beside a hardware encoder, whatever the processor. */
const MOST_IN_HARDWARE = 8

/** The right to run one transcode; `release` is idempotent. */
export interface Lease {
  release(): void
}

/** How many transcodes run at once on this machine. */
export interface TranscodeDesk {
  /**
   * A place for one more, after a moment if need be. Fails with `ffmpeg/missing` when nothing here encodes H.264, with
   * `hls/unsupported` when the limit is 0, with `ffmpeg/busy` when every place is taken.
   */
  reserve(signal: AbortSignal): Promise<Lease>
  readonly running: number
  /** How many may run; 0: none. */
  readonly limit: number
}

/**
 * What is sensible where nothing is written: a transcode in software takes up to three quarters of a core (1080i to 720p at
 * 2.1 GHz, `linear-channels.md` §14), one in hardware a third.
 */
export function defaultLimit(cores: number, isHardware: boolean): number {
  if (isHardware) return Math.min(MOST_IN_HARDWARE, Math.max(2, cores))
  return Math.max(1, Math.floor(cores / 2))
}

/** A desk; `limit` null: by the number of cores and the encoder that is used now. */
export function createTranscodeDesk(options: {
  readonly ladder: Pick<EncoderLadder, 'ready' | 'current'>
  readonly limit: number | null
  readonly cores: number
  readonly timers?: Timers
}): TranscodeDesk {
  const { ladder, cores, timers = systemTimers } = options
  const waiting = new Set<() => void>()
  let running = 0

  const limit = (): number => {
    const encoder = ladder.current()
    return encoder === null ? 0 : (options.limit ?? defaultLimit(cores, encoder.kind !== 'software'))
  }

  const lease = (): Lease => {
    let isHeld = true
    running += 1
    return {
      release() {
        if (!isHeld) return
        isHeld = false
        running -= 1
        const [next] = waiting
        next?.()
      },
    }
  }

  /** Until a place is free, at most for the time of a zap. */
  const room = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        waiting.delete(done)
        timers.clear(timer)
        signal.removeEventListener('abort', done)
        if (signal.aborted) reject(signal.reason as Error)
        else resolve()
      }
      const timer = timers.set(done, HAND_OVER_MS)
      signal.addEventListener('abort', done, { once: true })
      waiting.add(done)
    })

  return {
    get running() {
      return running
    },
    get limit() {
      return limit()
    },
    async reserve(signal) {
      await ladder.ready
      signal.throwIfAborted()
      if (ladder.current() === null)
        throw new Failure(
          'ffmpeg/missing',
          'There is no FFmpeg here that encodes H.264, so the picture cannot be converted',
        )
      if (limit() === 0) throw new Failure('hls/unsupported', 'Converting pictures is switched off in this house')
      if (running >= limit()) await room(signal)
      if (running >= limit())
        throw new Failure('ffmpeg/busy', `All ${limit()} places for converting pictures are taken`, { limit: limit() })
      return lease()
    },
  }
}
