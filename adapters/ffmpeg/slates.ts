import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SlateFormat, SlateKind, SlateLoop, SlateMaker } from '../../core/live/slate.ts'
import type { Log } from '../../core/log.ts'
import { slateArgs, SLATE_SECONDS } from './args.ts'
import { startFfmpeg } from './process.ts'
import type { Ffmpeg } from './resolve.ts'
import { drawSlate } from './slate-picture.ts'

/** Changes with everything that changes how slates look: old files are left alone then. */
const VERSION = 2
/** Five texts in a dozen formats; more is a sender that makes up sizes. */
const MAX_KEPT = 60
/** A picture beyond this is no television: 8K. */
const MAX_PIXELS = 8192 * 4320
/** Seconds that FFmpeg may take for one. */
const MAKE_MS = 30_000

const ENCODERS: Readonly<Record<string, string>> = {
  h264: 'libx264',
  hevc: 'libx265',
  mpeg2video: 'mpeg2video',
  aac: 'aac',
  ac3: 'ac3',
  eac3: 'eac3',
  mp2: 'mp2',
}

/** What slates are made with. `dir`: where finished ones stay. */
export type SlatesOptions = { readonly ffmpeg: Ffmpeg; readonly dir: string; readonly log: Log }

/**
 * Makes slates with FFmpeg, each once: one at a time, kept in memory and on the disk. A loop has a clean GOP every second.
 *
 * Without FFmpeg, or without the encoder for a format, there is none.
 */
export function createSlates({ ffmpeg, dir, log }: SlatesOptions): SlateMaker {
  const known = new Map<string, Promise<SlateLoop | null>>()
  let last: Promise<unknown> = Promise.resolve()

  const make = async (kind: SlateKind, format: SlateFormat, name: string): Promise<SlateLoop | null> => {
    const file = join(dir, `${name}.ts`)
    const stored = await readFile(file).catch(() => null)
    if (stored !== null) return loopOf(new Uint8Array(stored))
    const bytes = await encode(ffmpeg.path ?? '', kind, format)
    if (bytes === null) {
      log('warn', 'slate-failed', { slate: name })
      return null
    }
    log('debug', 'slate-made', { slate: name, bytes: bytes.length })
    try {
      await mkdir(dir, { recursive: true })
      await writeFile(`${file}.new`, bytes)
      await rename(`${file}.new`, file)
    } catch (error) {
      // It is made anew after the next start.
      log('warn', 'slate-not-kept', { error: String(error) })
    }
    return loopOf(bytes)
  }

  return {
    slate(kind, format) {
      if (!canMake(ffmpeg, format)) return Promise.resolve(null)
      const name = nameOf(kind, format)
      const there = known.get(name)
      if (there !== undefined) return there
      if (known.size >= MAX_KEPT) return Promise.resolve(null)
      const made = last.then(() => make(kind, format, name))
      last = made.catch(() => {})
      known.set(name, made)
      return made
    },
  }
}

const loopOf = (bytes: Uint8Array): SlateLoop => ({ bytes, durationMs: SLATE_SECONDS * 1000 })

function canMake({ path, encoders }: Ffmpeg, { video, audio }: SlateFormat): boolean {
  if (path === null || (video === null && audio === null)) return false
  if (video !== null && video.width * video.height > MAX_PIXELS) return false
  return [video?.codec, audio?.codec].every((codec) => codec === undefined || encoders.has(ENCODERS[codec] ?? ''))
}

const nameOf = (kind: SlateKind, { video, audio }: SlateFormat): string =>
  [
    kind,
    video === null ? 'radio' : `${video.codec}-${video.width}x${video.height}-${video.frameRate}`,
    audio?.codec ?? 'silent',
    `v${VERSION}`,
  ].join('_')

/** The loop as bytes; null: FFmpeg failed. */
async function encode(path: string, kind: SlateKind, format: SlateFormat): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  const ended = Promise.withResolvers<number | null>()
  const process = startFfmpeg(path, slateArgs(format, ENCODERS), {
    output: (bytes) => void parts.push(bytes.slice()),
    ended: ({ code }) => ended.resolve(code),
  })
  const late = setTimeout(() => void process[Symbol.asyncDispose](), MAKE_MS)
  try {
    if (format.video !== null) process.write(drawSlate(kind, evenSize(format.video)))
    process.end()
    if ((await ended.promise) !== 0 || parts.length === 0) return null
    return new Uint8Array(Buffer.concat(parts))
  } finally {
    clearTimeout(late)
  }
}

/** Pictures in 4:2:0 have even sides. */
const evenSize = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({
  width: width - (width % 2),
  height: height - (height % 2),
})
