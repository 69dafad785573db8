import { PacketAligner } from '../../core/live/align.ts'
import { videoFacts } from '../../core/live/codec-strings.ts'
import { elementaryBytes, PesCollector } from '../../core/live/pes-unit.ts'
import { Splicer } from '../../core/live/splicer.ts'
import type { TsChunk } from '../../core/live/ts-chunk.ts'
import { startFfmpeg } from './process.ts'
import { TRIAL, trialArgs } from './transcode-args.ts'
import type { VideoEncoder } from './video-encoder.ts'

/** Drivers that hang are given up after this time; a trial takes 100 … 700 ms. */
const TRIAL_MS = 10_000
/** Two seconds of a small picture are a tenth of it. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Lets an encoder encode two seconds, and looks at what came out: a list of encoders says what was compiled in, not what
 * this machine can do. Gives null if it works, else what is wrong, in a few words. Never rejects.
 */
export async function tryEncoder(path: string, encoder: VideoEncoder, signal: AbortSignal): Promise<string | null> {
  const parts: Uint8Array[] = []
  let length = 0
  const ended = Promise.withResolvers<{ readonly code: number | null; readonly error: Error | null }>()
  const ffmpeg = startFfmpeg(path, trialArgs(encoder), {
    output(bytes) {
      length += bytes.length
      if (length <= MAX_BYTES) parts.push(bytes.slice())
    },
    ended: (end) => ended.resolve(end),
  })
  let isLate = false
  const stop = (): void => void ffmpeg[Symbol.asyncDispose]()
  const late = setTimeout(() => {
    isLate = true
    stop()
  }, TRIAL_MS)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const { code, error } = await ended.promise
    if (signal.aborted) return 'The trial was broken off'
    if (isLate) return `It did not finish within ${TRIAL_MS / 1000} s`
    if (code !== 0) return ffmpeg.messages().at(-1) ?? error?.message ?? `FFmpeg ended with code ${code}`
    return judge(parts)
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}

/** Reads it as a viewer would: pictures of the right size, with a place to join every second. */
function judge(parts: readonly Uint8Array[]): string | null {
  const chunks: TsChunk[] = []
  const splicer = new Splicer({ now: () => 0, onProgram: () => {}, onChunk: (chunk) => chunks.push(chunk) })
  splicer.nextUpstream(null)
  const aligner = new PacketAligner()
  try {
    for (const part of parts) splicer.push(aligner.push(part))
  } catch {
    return 'What came out is no transport stream'
  }
  splicer.endUpstream()
  const marks = chunks.flatMap((chunk) => chunk.marks)
  const keys = marks.filter(({ kind, randomAccess }) => kind === 'video' && randomAccess).length
  if (keys < 2) return `It made ${marks.length} pictures and ${keys} key frames in 2 s`
  const facts = new Set<string>()
  const collector = new PesCollector((unit) => {
    const found = unit.randomAccess ? videoFacts('h264', elementaryBytes(unit)) : null
    if (found !== null) facts.add(`${found.width}×${found.height}`)
  })
  const pids = new Set(marks.filter(({ kind }) => kind === 'video').map(({ pid }) => pid))
  for (const chunk of chunks) collector.push(chunk, pids)
  const size = `${TRIAL.width}×${TRIAL.height}`
  return facts.size === 1 && facts.has(size) ? null : `Its pictures are ${[...facts].join(', ')} instead of ${size}`
}
