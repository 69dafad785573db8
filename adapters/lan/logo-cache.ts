import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../core/errors.ts'
import type { LogoSource } from '../../core/lineup/catalogue.ts'
import { everyStream } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { SourceId, Stream } from '../../core/lineup/stream.ts'
import type { Log } from '../../core/log.ts'
import { imageType } from '../../core/image-type.ts'

const HOUR_MS = 3600 * 1000
/** A picture is asked for again after this time; the old one is shown meanwhile, and stays if the source is down. */
const FRESH_MS = 7 * 24 * HOUR_MS
/** "No picture" is asked again after this time: receivers are given picons later. */
const NONE_MS = 12 * HOUR_MS
/** A failure is remembered this long, in memory: the source may just be starting. */
const FAILED_MS = 60_000
const MOST_FAILURES = 10_000
const FETCH_TIMEOUT_MS = 15_000
const MAX_BYTES = 2 * 1024 * 1024

/** A picture of a channel. `tag` changes with its bytes. */
export type Logo = { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly tag: string }

/** A picture that a source may have: `id` is its own among those of all sources. */
export type PictureWish = {
  readonly id: string
  readonly sourceId: SourceId
  /** Asks the source; null: there is none. */
  readonly ask: (signal: AbortSignal) => Promise<Uint8Array | null>
}

/** Pictures from a folder that fills itself. Disposing it ends the fetches that run. */
export interface LogoCache extends AsyncDisposable {
  /** The owner's picture, else that of the first stream that has one; null: none has. Fails with the signal's reason. */
  logo(channel: Channel, signal: AbortSignal): Promise<Logo | null>
  /** Any other picture of a source; null: there is none. Fails with the signal's reason. */
  picture(wish: PictureWish, signal: AbortSignal): Promise<Logo | null>
}

/** What a cache needs. */
export type LogoCacheOptions = {
  /** Folder of its own; may be deleted at any time. */
  readonly dir: string
  /** The source's pictures; null: there is no such source now. */
  readonly source: (id: SourceId) => LogoSource | null
  /** The owner's pictures by name; null: there is none of this name. */
  readonly own?: (name: string) => Uint8Array<ArrayBuffer> | null
  readonly now: () => number
  readonly log: Log
}

/**
 * The cache of pictures: PNG, JPEG, WebP and GIF by content, up to 2 MiB.
 *
 * A file for each stream; an empty one says that there is no picture. A source is asked one question at a time (a
 * receiver answers them with the thread that draws its menus), and once for all who wait for the same picture.
 */
export function createLogoCache({ dir, source, own = () => null, now, log }: LogoCacheOptions): LogoCache {
  const closing = new AbortController()
  const running = new Map<string, Promise<Logo | null>>()
  const queues = new Map<SourceId, Promise<unknown>>()
  const failures = new Map<string, number>()

  const rememberFailure = (path: string): void => {
    for (const [old, until] of failures) {
      if (until > now() && failures.size < MOST_FAILURES) break // the oldest come first
      failures.delete(old)
    }
    failures.set(path, now() + FAILED_MS)
  }
  const ask = async (wish: PictureWish, path: string): Promise<Logo | null> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)])
    const answer = await wish.ask(signal)
    const type = answer === null || answer.length > MAX_BYTES ? null : imageType(answer)
    const bytes = answer === null || type === null ? new Uint8Array(0) : new Uint8Array(answer)
    await mkdir(dir, { recursive: true })
    await writeFile(`${path}.part`, bytes)
    await rename(`${path}.part`, path) // a half-written picture is never seen
    await utimes(path, now() / 1000, now() / 1000)
    return toLogo(bytes)
  }

  /** Fetches by turn. A failure is logged and gives null; nothing is written then. */
  const fetchOnce = (wish: PictureWish, path: string): Promise<Logo | null> => {
    const known = running.get(path)
    if (known !== undefined) return known
    if (closing.signal.aborted || (failures.get(path) ?? 0) > now()) return Promise.resolve(null)
    const fetched = (queues.get(wish.sourceId) ?? Promise.resolve())
      .then(() => ask(wish, path))
      .catch((cause: unknown) => {
        rememberFailure(path)
        if (!closing.signal.aborted) log('debug', 'logo-failed', { picture: wish.id, error: String(cause) })
        return null
      })
      .finally(() => running.delete(path))
    queues.set(wish.sourceId, fetched)
    running.set(path, fetched)
    return fetched
  }

  const pictureOf = async (wish: PictureWish): Promise<Logo | null> => {
    const path = join(dir, createHash('sha256').update(wish.id).digest('hex').slice(0, 32))
    const kept = await readEntry(path)
    if (kept === null) return fetchOnce(wish, path)
    const age = now() - kept.writtenAt
    if (kept.logo === null) return age < NONE_MS ? null : fetchOnce(wish, path)
    if (age >= FRESH_MS) void fetchOnce(wish, path) // never rejects
    return kept.logo
  }
  const logoOf = ({ id, sourceId, item }: Stream): Promise<Logo | null> =>
    // A source that is gone fails, so that the picture which is kept is not forgotten.
    pictureOf({ id, sourceId, ask: async (signal) => logosOf(sourceId).logo(item, signal) })
  const logosOf = (id: SourceId): LogoSource => {
    const logos = source(id)
    if (logos === null) throw new Failure('lineup/unknown-source', 'The source is not there', { sourceId: id })
    return logos
  }

  return {
    async logo(channel, signal) {
      const given = channel.ownLogo === undefined ? null : own(channel.ownLogo)
      const chosen = given === null ? null : toLogo(given)
      if (chosen !== null) return chosen
      for (const stream of everyStream(channel)) {
        const logo = await unless(signal, logoOf(stream))
        if (logo !== null) return logo
      }
      return null
    },
    picture: (wish, signal) => unless(signal, pictureOf(wish)),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The picture cache is closing'))
      await Promise.allSettled(running.values())
    },
  }
}

async function readEntry(path: string): Promise<{ readonly logo: Logo | null; readonly writtenAt: number } | null> {
  try {
    const { mtimeMs } = await stat(path)
    const bytes = new Uint8Array(await readFile(path))
    const logo = toLogo(bytes)
    if (logo !== null || bytes.length === 0) return { logo, writtenAt: mtimeMs }
    await rm(path, { force: true }) // not what we wrote: a disk that lies
  } catch {
    // Not there, or not readable: the source has it.
  }
  return null
}

function toLogo(bytes: Uint8Array<ArrayBuffer>): Logo | null {
  const contentType = imageType(bytes)
  if (contentType === null) return null
  return { bytes, contentType, tag: createHash('sha256').update(bytes).digest('hex').slice(0, 24) }
}

/** The promise, or the signal's reason as soon as it is aborted. What runs behind the promise goes on for others. */
async function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
