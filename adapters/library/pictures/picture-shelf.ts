import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { imageType } from '../../../core/image-type.ts'
import type { MediaPicture } from '../../../core/library/library.ts'
import type { ItemStore } from '../store/item-store.ts'
import type { KeptItem } from '../store/item-row.ts'
import { unlessAborted } from '../../net/unless-aborted.ts'
import { makePicture } from './make-picture.ts'
import type { PictureSource } from './make-picture.ts'

const MOST_BYTES = 2 * 1024 * 1024
/** Pictures that are larger than this on the disk are no pictures. */
const LARGEST_FILE = 64 * 1024 * 1024
/** Of a film, where titles and company signs are over. */
const FRAME_AT = 0.2

/** Pictures of a library. */
export interface PictureShelf extends AsyncDisposable {
  /** Null: the item has none. Fails with the signal's reason. */
  picture(kept: KeptItem, signal: AbortSignal): Promise<MediaPicture | null>
  /** Deletes what was made of these items. */
  drop(ids: readonly string[]): Promise<void>
}

/** What the shelf needs; `dir` is its own and may be deleted at any time. */
export type PictureShelfParts = {
  readonly store: ItemStore
  readonly root: string
  readonly dir: string
  readonly ffmpeg: string | null
}

/**
 * Finds or makes pictures: what lies beside the file, else what is packed into it, else a frame at a fifth of the film.
 *
 * What it makes (JPEG, at most 640 pixels wide) is kept in its folder, named after item and content; one is made at a
 * time, and once for all who wait for it. Pictures are what their first bytes say, whatever they are called.
 */
export function createPictureShelf({ store, root, dir, ffmpeg }: PictureShelfParts): PictureShelf {
  const stop = new AbortController()
  const running = new Map<string, Promise<MediaPicture | null>>()
  let queue: Promise<unknown> = Promise.resolve()

  const beside = async (kept: KeptItem): Promise<MediaPicture | null> => {
    if (kept.artwork === null || kept.item.isMissing) return null
    const path = join(root, kept.artwork)
    const size = await sizeOf(path)
    if (size === 0 || size > LARGEST_FILE) return null
    const bytes = size <= MOST_BYTES ? await read(path) : null
    return bytes !== null ? toPicture(bytes) : made(kept, `p${size}`, [{ kind: 'picture', path }])
  }
  const own = async (kept: KeptItem): Promise<MediaPicture | null> => {
    const { item, hasCover, hasPicture, key } = kept
    const { facts } = item
    if (facts === null || hasPicture === false || (!hasCover && facts.video === null)) return null
    const path = join(root, item.path)
    const sources: PictureSource[] = []
    if (hasCover) sources.push({ kind: 'cover', path })
    if (facts.video !== null)
      for (const part of [FRAME_AT, 0]) sources.push({ kind: 'frame', path, atMs: Math.floor(facts.durationMs * part) })
    const picture = await made(kept, `f${item.modifiedAt}`, sources)
    if (hasPicture === null && ffmpeg !== null && !item.isMissing) store.setPicture(key, picture !== null)
    return picture
  }
  /** From the folder, or made now; `sign` changes with what it is made of. */
  const made = async (
    { item }: KeptItem,
    sign: string,
    sources: readonly PictureSource[],
  ): Promise<MediaPicture | null> => {
    const file = join(dir, `${item.id}.${sign}.jpg`)
    const kept = await read(file)
    if (kept !== null || ffmpeg === null || item.isMissing) return kept === null ? null : toPicture(kept)
    const making = queue.then(() => makeFirst(ffmpeg, sources, stop.signal))
    queue = making.catch(() => {}) // whoever waits for it hears of it
    const bytes = await making
    if (bytes === null) return null
    await mkdir(dir, { recursive: true })
    await writeFile(`${file}.part`, bytes)
    await rename(`${file}.part`, file) // a half-written picture is never seen
    return toPicture(bytes)
  }

  return {
    picture(kept, signal) {
      const { id } = kept.item
      const known = running.get(id)
      if (known !== undefined) return unlessAborted(signal, known)
      const finding = beside(kept)
        .then((picture) => picture ?? own(kept))
        .finally(() => running.delete(id))
      running.set(id, finding)
      return unlessAborted(signal, finding)
    },
    async drop(ids) {
      const names = new Set(ids)
      const files = await readdir(dir).catch(() => [])
      for (const file of files) if (names.has(file.split('.')[0] ?? '')) await rm(join(dir, file), { force: true })
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('The library is closed'))
      await Promise.allSettled([...running.values(), queue])
    },
  }
}

async function makeFirst(
  ffmpeg: string,
  sources: readonly PictureSource[],
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const source of sources) {
    const bytes = await makePicture(ffmpeg, source, signal)
    if (bytes !== null) return bytes
  }
  return null
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(path))
  } catch {
    return null // not there
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const { size } = await stat(path)
    return size
  } catch {
    return 0 // gone since the last scan
  }
}

function toPicture(bytes: Uint8Array<ArrayBuffer>): MediaPicture | null {
  const contentType = imageType(bytes)
  if (contentType === null) return null
  return { bytes, contentType, tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22) }
}
