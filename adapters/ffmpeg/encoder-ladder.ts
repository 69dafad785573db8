import { readdir } from 'node:fs/promises'
import type { Log } from '../../core/log.ts'
import { HOUSE_NOTICES } from '../../core/notices/house.ts'
import { notice } from '../../core/notices/notice.ts'
import type { Notice } from '../../core/notices/notice.ts'
import { tryEncoder } from './encoder-trial.ts'
import type { Ffmpeg } from './resolve.ts'
import { ENCODER_NAMES, encoderTitle, HARDWARE, isSameEncoder } from './video-encoder.ts'
import type { Hardware, VideoEncoder } from './video-encoder.ts'

/** Which hardware may be used: whatever works, nothing, or one kind. */
export type HardwareChoice = 'auto' | 'none' | Hardware

/** A hardware encoder that failed is left alone for so long, after its first, second, … failure. */
const ASIDE_MS = [60_000, 600_000, 3_600_000] as const
/** One that has worked for so long is forgiven all. */
const STEADY_MS = 600_000
/** Where Linux has its render nodes (VAAPI). */
const DEVICES = '/dev/dri'
/** NVENC before VAAPI before QSV: the card that was bought for it, then what is asked for least. */
const ORDER: readonly Hardware[] = ['nvenc', 'vaapi', 'qsv', 'v4l2m2m', 'videotoolbox']

/**
 * The encoders of this machine, best first: hardware that has proved itself, then software.
 *
 * hardware ─fails while it works→ set aside for 1 min, 10 min, 1 h → hardware
 */
export interface EncoderLadder extends AsyncDisposable {
  /** Resolves when the hardware was tried. Never rejects. */
  readonly ready: Promise<void>
  /** What is used now; null: there is no encoder of H.264 here. */
  current(): VideoEncoder | null
  /** This encoder broke off, or makes nothing. Software is not set aside: below it there is nothing. */
  failed(encoder: VideoEncoder, why: string): void
  /** This encoder was used for so long, milliseconds, without a failure. */
  worked(encoder: VideoEncoder, ms: number): void
  /** What the owner should know. */
  notices(): readonly Notice[]
}

/** What a ladder needs. `devices` gives the render nodes of this machine. */
export type EncoderLadderOptions = {
  readonly ffmpeg: Pick<Ffmpeg, 'path' | 'encoders'>
  readonly hardware: HardwareChoice
  readonly log: Log
  readonly now: () => number
  readonly devices?: () => Promise<readonly string[]>
}

/** Tries the hardware at once, in the background. */
export function createEncoderLadder(options: EncoderLadderOptions): EncoderLadder {
  const { ffmpeg, hardware, log, now, devices = renderNodes } = options
  const over = new AbortController()
  const hasSoftware = ffmpeg.path !== null && ffmpeg.encoders.has(ENCODER_NAMES.software)
  let proved: VideoEncoder | null = null
  let isTried = false
  let failures = 0
  let asideUntil = 0
  let lastFailure = ''

  const tryAll = async (): Promise<void> => {
    for (const encoder of await candidates(ffmpeg, hardware, devices)) {
      if (over.signal.aborted || ffmpeg.path === null) return
      const problem = await tryEncoder(ffmpeg.path, encoder, over.signal)
      log('debug', 'encoder-tried', { encoder: encoderTitle(encoder), problem })
      if (problem !== null) continue
      proved = encoder
      return
    }
  }
  const ready = tryAll()
    .catch((error: unknown) => log('warn', 'encoder-trial-failed', { error: String(error) }))
    .then(() => {
      isTried = true
      const found = ladder.current()
      log('info', 'encoder-found', { encoder: found === null ? null : encoderTitle(found) })
    })

  const isAside = (): boolean => now() < asideUntil

  const ladder: EncoderLadder = {
    ready,
    current() {
      if (proved !== null && !isAside()) return proved
      // Hardware that fails now and then is still better than nothing.
      return hasSoftware ? { kind: 'software' } : proved
    },
    failed(encoder, why) {
      if (proved === null || !isSameEncoder(encoder, proved)) return
      asideUntil = now() + (ASIDE_MS[Math.min(failures, ASIDE_MS.length - 1)] ?? 0)
      failures += 1
      lastFailure = why
      log('warn', 'encoder-set-aside', { encoder: encoderTitle(encoder), failures, why })
    },
    worked(encoder, ms) {
      if (proved !== null && isSameEncoder(encoder, proved) && ms >= STEADY_MS) failures = 0
    },
    notices() {
      // Who has no FFmpeg at all is told so elsewhere.
      if (!isTried || ffmpeg.path === null) return []
      if (ladder.current() === null) return [notice(HOUSE_NOTICES, 'encoder/none', {})]
      if (proved !== null) {
        const encoder = encoderTitle(proved)
        return isAside()
          ? [notice(HOUSE_NOTICES, 'encoder/aside', { encoder, detail: lastFailure })]
          : [notice(HOUSE_NOTICES, 'encoder/hardware', { encoder })]
      }
      return hardware === 'auto' || hardware === 'none' ? [] : [notice(HOUSE_NOTICES, 'encoder/not-here', { hardware })]
    },
    async [Symbol.asyncDispose]() {
      over.abort()
      await ready
    },
  }
  return ladder
}

/** What this FFmpeg claims to have and the owner allows, in the order of trying. */
async function candidates(
  { path, encoders }: Pick<Ffmpeg, 'path' | 'encoders'>,
  hardware: HardwareChoice,
  devices: () => Promise<readonly string[]>,
): Promise<readonly VideoEncoder[]> {
  if (path === null || hardware === 'none') return []
  const allowed = (hardware === 'auto' ? ORDER : HARDWARE.filter((kind) => kind === hardware)).filter((kind) =>
    encoders.has(ENCODER_NAMES[kind]),
  )
  const nodes = allowed.includes('vaapi') ? await devices() : []
  return allowed.flatMap((kind): VideoEncoder[] =>
    kind === 'vaapi' ? nodes.map((device) => ({ kind, device })) : [{ kind }],
  )
}

async function renderNodes(): Promise<readonly string[]> {
  // Neither on machines without a graphics card nor outside Linux.
  const names = await readdir(DEVICES).catch(() => [])
  return names
    .filter((name) => /^renderD\d+$/.test(name))
    .toSorted()
    .map((name) => `${DEVICES}/${name}`)
}
