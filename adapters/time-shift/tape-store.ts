import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { TapeFile, TapeStore } from '../../core/live/tape.ts'

/** A reel is deleted as a whole; at 10 Mbit/s it holds 13 s. */
const REEL_BYTES = 16 * 1024 * 1024
/** So much of the disk is left to others. */
const FLOOR_BYTES = 1024 * 1024 * 1024
/** How long the end of a tape waits for a write under way. */
const CLOSE_MS = 1000
/** Names of the folders that are ours to delete. */
const OURS = /^tape-[a-zA-Z0-9-]+$/

/** What a folder of tapes needs. */
export type TapeStoreOptions = {
  /** Made when something is written. Folders in it that are called `tape-…` are deleted at the start. */
  readonly dir: string
  readonly reelBytes?: number
  /** So much of the disk stays free, bytes; 1 GiB by default. */
  readonly floorBytes?: number
}

/**
 * Tapes as folders of files, one for each reel: plain transport streams (`tape-3-c12/00000007.ts`).
 *
 * Nothing of it outlives the program: what a dead process has left is deleted here, before anything is written.
 */
export async function openTapeStore(options: TapeStoreOptions): Promise<TapeStore> {
  const { dir, reelBytes = REEL_BYTES, floorBytes = FLOOR_BYTES } = options
  await clear(dir)
  return {
    reelBytes,
    open: (name) => openTape(join(dir, `tape-${name}`), reelBytes),
    async room() {
      const { bavail, bsize } = await statfs(dir)
      return bavail * bsize - floorBytes
    },
  }
}

/** Deletes what a dead process has left; what cannot be deleted is in nobody's way. */
async function clear(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => [])
  await Promise.allSettled(
    names.filter((name) => OURS.test(name)).map((name) => rm(join(dir, name), { recursive: true, force: true })),
  )
}

function openTape(folder: string, reelBytes: number): TapeFile {
  const pathOf = (reel: number): string => join(folder, `${String(reel).padStart(8, '0')}.ts`)
  /** The reel that is being written. */
  let current: { readonly reel: number; readonly file: FileHandle } | null = null
  let isOver = false
  /** The write under way: a folder is deleted behind it. */
  let writing: Promise<void> = Promise.resolve()

  const fileOf = async (reel: number): Promise<FileHandle> => {
    if (current?.reel === reel) return current.file
    await current?.file.close()
    current = null
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = await open(pathOf(reel), 'wx', 0o600)
    current = { reel, file }
    return file
  }

  const writeAll = async (position: number, bytes: Uint8Array): Promise<void> => {
    for (const part of partsOf(position, bytes.length, reelBytes)) {
      const file = await fileOf(part.reel)
      for (let done = 0; done < part.length;) {
        const { bytesWritten } = await file.write(bytes, part.at + done, part.length - done, part.offset + done)
        done += bytesWritten
      }
    }
  }

  return {
    async write(position, bytes) {
      writing = writeAll(position, bytes).catch((error: unknown) => {
        throw new Error(reasonOf(error), { cause: error })
      })
      return writing
    },
    async read(position, length) {
      const bytes = new Uint8Array(length)
      try {
        for (const part of partsOf(position, length, reelBytes)) await readPart(pathOf(part.reel), part, bytes)
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error })
      }
      return bytes
    },
    drop: (reel) => rm(pathOf(reel), { force: true }),
    async close() {
      if (isOver) return
      isOver = true
      // Whoever wrote has heard of a failure; a disk that hangs must not hold up the end of the program.
      await Promise.race([writing.catch(() => {}), setTimeout(CLOSE_MS, undefined, { ref: false })])
      await current?.file.close().catch(() => {}) // a full disk may say so once more
      current = null
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Part = {
  readonly reel: number
  /** Offset in the reel, and in the bytes at hand. */
  readonly offset: number
  readonly at: number
  readonly length: number
}

/** Which parts of which reels a range lies in. */
function* partsOf(position: number, length: number, reelBytes: number): Generator<Part> {
  for (let at = 0; at < length;) {
    const reel = Math.floor((position + at) / reelBytes)
    const offset = position + at - reel * reelBytes
    const size = Math.min(length - at, reelBytes - offset)
    yield { reel, offset, at, length: size }
    at += size
  }
}

async function readPart(path: string, part: Part, into: Uint8Array): Promise<void> {
  const file = await open(path, 'r')
  try {
    for (let done = 0; done < part.length;) {
      const { bytesRead } = await file.read(into, part.at + done, part.length - done, part.offset + done)
      if (bytesRead === 0) throw new RangeError('The file ends too early')
      done += bytesRead
    }
  } finally {
    await file.close()
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the files are too large for the disk',
  ENOENT: 'the folder is gone',
  ENOTDIR: 'the folder is gone',
  EROFS: 'the disk may not be written',
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  EIO: 'the disk is broken or gone',
  EMFILE: 'too many files are open',
}

/** Why the disk refuses, as a half sentence. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? `the disk refuses (${code === '' ? 'unknown' : code})`
}
