import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AudioRecipe, Recipe, VideoRecipe } from './recipe.ts'
import { LOOP_UNIT_SECONDS } from './recipe.ts'

/** Makes and keeps the clips. Runs one FFmpeg at a time; what is wanted now overtakes what is only prepared. */
export interface ClipStore extends AsyncDisposable {
  /** The file of a recipe, made if it is not there yet. Rejects when FFmpeg cannot make it. */
  file(recipe: Recipe): Promise<Uint8Array>
  /** Makes clips in the background, in this order; failures are logged. */
  prepare(recipes: readonly Recipe[]): void
}

/** What a clip store needs. `cacheDir` may be shared by several processes: files appear whole or not at all. */
export type ClipStoreOptions = {
  readonly ffmpegPath: string
  readonly cacheDir: string
  readonly log?: (event: string, details: Record<string, unknown>) => void
  readonly signal?: AbortSignal
}

const FORMAT = 1 // part of every cache key: count up when the arguments below change

const FONTS = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/dejavu/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/TTF/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf',
  '/usr/share/fonts/noto/NotoSans-Bold.ttf',
  '/System/Library/Fonts/Helvetica.ttc',
  'C:/Windows/Fonts/arial.ttf',
]

/** Opens a clip store; nothing runs before the first clip is wanted. */
export function createClipStore(options: ClipStoreOptions): ClipStore {
  const { cacheDir, log = () => {} } = options
  const abort = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal
  const queue: Job[] = []
  const jobs = new Map<string, Job>()
  let running: Promise<void> | null = null

  const path = (recipe: Recipe): string => join(cacheDir, `${recipeHash(recipe)}.ts`)

  const want = (recipe: Recipe, urgent: boolean): Promise<void> => {
    const key = recipeHash(recipe)
    const known = jobs.get(key)
    if (known) {
      if (urgent && queue.includes(known)) queue.unshift(...queue.splice(queue.indexOf(known), 1))
      return known.done
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const job: Job = { recipe, done: promise, resolve, reject }
    promise.catch(() => jobs.delete(key)) // a later wish tries again
    jobs.set(key, job)
    if (urgent) queue.unshift(job)
    else queue.push(job)
    running ??= work().finally(() => (running = null))
    return promise
  }

  const work = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const startedAt = Date.now()
      try {
        signal.throwIfAborted()
        await make(job.recipe, path(job.recipe))
        job.resolve()
        log('clip made', { label: job.recipe.label, ms: Date.now() - startedAt })
      } catch (error) {
        job.reject(error)
        if (!signal.aborted) log('clip failed', { label: job.recipe.label, error: String(error) })
      }
    }
  }

  const make = async (recipe: Recipe, target: string): Promise<void> => {
    await mkdir(cacheDir, { recursive: true })
    const draft = join(cacheDir, `${randomUUID()}.part`)
    const font = FONTS.find((file) => existsSync(file)) ?? null
    // An FFmpeg without drawtext, or without HEVC, still gives a picture.
    const attempts = [
      { recipe, font },
      { recipe, font: null },
      { recipe: withoutHevc(recipe), font: null },
    ]
    try {
      for (const [index, attempt] of attempts.entries()) {
        try {
          await runFfmpeg(options.ffmpegPath, clipArguments(attempt.recipe, attempt.font, draft), signal)
          break
        } catch (error) {
          if (index === attempts.length - 1 || signal.aborted) throw error
        }
      }
      await rename(draft, target)
    } finally {
      await rm(draft, { force: true })
    }
  }

  return {
    async file(recipe) {
      signal.throwIfAborted()
      if (!existsSync(path(recipe))) await want(recipe, true)
      return readFile(path(recipe))
    },
    prepare(recipes) {
      for (const recipe of recipes) if (!existsSync(path(recipe))) want(recipe, false).catch(() => {}) // logged by work()
    },
    async [Symbol.asyncDispose]() {
      abort.abort()
      await running
    },
  }
}

type Job = {
  readonly recipe: Recipe
  readonly done: Promise<void>
  resolve(): void
  reject(reason: unknown): void
}

/** The cache key of a recipe. */
export function recipeHash(recipe: Recipe): string {
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, recipe]))
    .digest('hex')
    .slice(0, 20)
}

/** The FFmpeg command line (without the program) that makes a clip; only options that FFmpeg 4.0 knows. */
export function clipArguments(recipe: Recipe, font: string | null, target: string): string[] {
  const seconds = (recipe.units * LOOP_UNIT_SECONDS + 3).toFixed(2)
  const inputs = [
    ...(recipe.video ? ['-f', 'lavfi', '-i', picture(recipe.video, seconds)] : []),
    ...recipe.audio.flatMap((track) => ['-f', 'lavfi', '-i', tone(track, seconds)]),
  ]
  const tracks = (recipe.video ? 1 : 0) + recipe.audio.length
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...inputs],
    ...Array.from({ length: tracks }, (_, index) => ['-map', String(index)]).flat(),
    ...(recipe.video ? videoArguments(recipe.video, recipe.label, font) : []),
    ...recipe.audio.flatMap((track, index) => [`-c:a:${index}`, track.codec, `-b:a:${index}`, `${track.bitrateKbps}k`]),
    // One frame in a PES packet, so that each track can be cut at any frame.
    ...['-pes_payload_size', '0', '-muxdelay', '0', '-muxpreload', '0', '-t', seconds, '-f', 'mpegts', target],
  ]
}

function picture(video: VideoRecipe, seconds: string): string {
  const fields = video.codec === 'h264-open-gop' ? 50 : video.framesPerSecond
  const source = video.pattern === 'test' ? 'testsrc2' : 'smptebars'
  return `${source}=size=${video.width}x${video.height}:rate=${fields}:duration=${seconds}`
}

function tone(track: AudioRecipe, seconds: string): string {
  // The loudness swells once in 0.96 s, which divides the loop.
  const wave = (level: number): string => `${level}*sin(2*PI*${track.toneHz}*t)*(0.7+0.3*sin(2*PI*t/0.96))`
  const stereo = [wave(0.2), wave(0.15)]
  const surround = [...stereo, wave(0.1), wave(0.02), wave(0.05), wave(0.05)]
  const layout = track.channels === 6 ? '5.1' : 'stereo'
  return `aevalsrc=${(track.channels === 6 ? surround : stereo).join('|')}:s=48000:c=${layout}:d=${seconds}`
}

function videoArguments(video: VideoRecipe, label: string, font: string | null): string[] {
  const size = Math.round(video.height / 9)
  const filters = [
    ...(video.hue ? [`hue=h=${video.hue}`] : []),
    ...(font ? [drawText(label, font, size)] : []),
    // Something that moves in every picture, also without fonts and on still bars.
    `split[s1][s2];[s2]crop=${size}:${size}:${size}:${size},negate[box];[s1][box]overlay=x=mod(t*${video.width / 4}\\,W-w):y=H-h-8`,
    ...(video.codec === 'h264-open-gop' ? ['interlace=scan=tff'] : []),
    'format=yuv420p',
  ]
  const gop = video.framesPerSecond === 50 ? 48 : 24
  const rate = `${video.bitrateKbps}k`
  const control = ['-b:v', rate, '-maxrate', rate, '-bufsize', `${Math.round(video.bitrateKbps * 0.6)}k`]
  const x264 = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=2:b-adapt=0:b-pyramid=none:weightp=0:aud=1:repeat-headers=1`
  return [
    ...['-filter:v', filters.join(','), ...control, '-aspect', '16:9'],
    ...{
      h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(gop), '-x264-params', `${x264}:open-gop=0`],
      'h264-open-gop': [
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(gop), '-flags', '+ilme+ildct'],
        ...['-x264-params', `${x264}:open-gop=1:tff=1`],
      ],
      mpeg2: ['-c:v', 'mpeg2video', '-g', '12', '-bf', '2', '-sc_threshold', '1000000000'],
      hevc: [
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-g', String(gop), '-x265-params'],
        `keyint=${gop}:min-keyint=${gop}:scenecut=0:open-gop=0:bframes=0:repeat-headers=1:aud=1:log-level=error`,
      ],
    }[video.codec],
  ]
}

function drawText(label: string, font: string, size: number): string {
  // Letters, digits and blanks only: nothing in a name can become part of the filter.
  const text = label.replaceAll(/[^\p{L}\p{N} ]/gu, '').trim() || 'TV'
  const file = font.replaceAll(':', String.raw`\\:`)
  return `drawtext=fontfile=${file}:text=${text}:fontsize=${size}:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=8:x=24:y=24`
}

function withoutHevc(recipe: Recipe): Recipe {
  return recipe.video?.codec === 'hevc' ? { ...recipe, video: { ...recipe.video, codec: 'h264' } } : recipe
}

function runFfmpeg(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const kill = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', kill)
    let complaint = ''
    child.stderr.on('data', (text) => (complaint = (complaint + String(text)).slice(-2000)))
    child.on('error', (error) => {
      signal.removeEventListener('abort', kill)
      reject(new Error(`Cannot run "${program}"`, { cause: error }))
    })
    child.on('close', (code) => {
      signal.removeEventListener('abort', kill)
      if (code === 0) resolve()
      else reject(new Error(`FFmpeg ended with ${code}: ${complaint.trim()}`))
    })
  })
}
