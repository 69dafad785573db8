import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { clipArguments } from './clip-arguments.ts'
import type { Recipe } from './recipe.ts'

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

function withoutHevc(recipe: Recipe): Recipe {
  return recipe.video?.codec === 'hevc' ? { ...recipe, video: { ...recipe.video, codec: 'h264' } } : recipe
}

function runFfmpeg(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted() // the event has passed already
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
