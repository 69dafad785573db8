import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { printBackupName, readBackupName } from '../../core/backup/backup.ts'
import type { BackupKind, KeptBackup } from '../../core/backup/backup.ts'
import { outdatedBackups } from '../../core/backup/schedule.ts'
import { Failure } from '../../core/errors.ts'
import { lookAtBackup } from './read-backup.ts'

/** A file that is larger is no backup of ours. */
const MOST_BYTES = 16 * 1024 ** 3
/** So much of the disk is left to others. */
const FLOOR_BYTES = 256 * 1024 * 1024

/** Backups in a folder of the data folder, one file each. */
export interface BackupShelf {
  /** The newest first. */
  list(): Promise<readonly KeptBackup[]>
  /** The path of a kept one. Fails with `backup/unknown`. */
  path(name: string): Promise<string>
  open(name: string): Promise<{ readonly bytes: number; readonly body: ReadableStream<Uint8Array> }>
  remove(name: string): Promise<void>
  /** Keeps what `write` writes to the path that it is given; a file that it leaves half done is removed. */
  add(
    backup: { readonly kind: BackupKind; readonly isLocked: boolean },
    write: (path: string) => Promise<void>,
  ): Promise<KeptBackup>
  /** Keeps a file that comes from elsewhere, if it begins like a backup. */
  receive(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<KeptBackup>
  /** Deletes the oldest of what came by itself. `daily`: how many daily ones stay. */
  tidy(daily: number): Promise<void>
}

/** The shelf of a data folder; what an earlier run left half done is removed. */
export async function openBackupShelf({
  dir,
  now,
  mostBytes = MOST_BYTES,
}: {
  /** Folder of its own. */
  readonly dir: string
  readonly now: () => number
  readonly mostBytes?: number
}): Promise<BackupShelf> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const name of await readdir(dir))
    if (/\.part\w*$/.test(name)) await rm(join(dir, name), { recursive: true, force: true })
  let isReceiving = false

  const pathOf = async (name: string): Promise<string> => {
    const path = join(dir, name)
    if (readBackupName(name) === null || (await sizeOf(path)) === null)
      throw new Failure('backup/unknown', 'No backup has this name')
    return path
  }
  const shelf: BackupShelf = {
    async list() {
      const all = await Promise.all(
        (await readdir(dir)).map(async (name) => {
          const known = readBackupName(name)
          const bytes = known === null ? null : await sizeOf(join(dir, name))
          return known === null || bytes === null ? [] : [{ ...known, bytes }]
        }),
      )
      return all.flat().toSorted((a, b) => b.madeAt - a.madeAt || (a.name < b.name ? 1 : -1))
    },
    path: pathOf,
    async open(name) {
      const path = await pathOf(name)
      const { size } = await stat(path)
      return { bytes: size, body: bytesOf(await open(path, 'r')) }
    },
    async remove(name) {
      await rm(await pathOf(name))
    },
    async add({ kind, isLocked }, write) {
      const name = printBackupName({ madeAt: now(), kind, isLocked }, randomBytes(2).toString('hex'))
      const draft = join(dir, `${name}.part`)
      try {
        await write(draft)
        await rename(draft, join(dir, name))
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      const known = readBackupName(name)
      if (known === null) throw new RangeError(`"${name}" should be the name of a backup`)
      return { ...known, bytes: (await stat(join(dir, name))).size }
    },
    async receive(body, signal) {
      if (isReceiving) throw new Failure('http/busy', 'Another backup is being sent to this house')
      isReceiving = true
      const draft = join(dir, `upload-${randomBytes(4).toString('hex')}.part`)
      try {
        const { bavail, bsize } = await statfs(dir)
        await receiveFile(body, draft, { most: mostBytes, room: bavail * bsize - FLOOR_BYTES, signal })
        const kind = await lookAtBackup(draft)
        if (kind === null) throw new Failure('backup/not-one', 'The file does not begin as a backup of downlink does')
        return await shelf.add({ kind: 'uploaded', isLocked: kind === 'locked' }, (path) => rename(draft, path))
      } finally {
        isReceiving = false
        await rm(draft, { force: true })
      }
    },
    async tidy(daily) {
      for (const name of outdatedBackups(await shelf.list(), daily)) await rm(join(dir, name), { force: true })
    },
  }
  return shelf
}

async function receiveFile(
  body: ReadableStream<Uint8Array>,
  path: string,
  { most, room, signal }: { readonly most: number; readonly room: number; readonly signal: AbortSignal },
): Promise<void> {
  const counted = async function* () {
    let bytes = 0
    const reader = body.getReader()
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.length
        if (bytes > most) throw new Failure('http/too-large', `A backup has at most ${most} bytes`)
        if (bytes > room) throw new Failure('backup/no-room', 'The disk of the data folder has no room for the backup')
        yield part.value
      }
    } finally {
      await reader.cancel().catch(() => {}) // whoever sends has gone, or is told by the answer
    }
  }
  // Opened before anything can fail: a stream that opens its file by itself may do so after it was removed.
  const file = await open(path, 'wx', 0o600)
  try {
    await pipeline(counted(), file.createWriteStream(), { signal })
  } finally {
    await file.close().catch(() => {}) // the stream may have closed it
  }
}

const PIECE_BYTES = 256 * 1024

/** The bytes of an open file, which is closed at its end or when nobody wants more. */
const bytesOf = (file: FileHandle): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE_BYTES))
      if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead))
      await file.close()
      controller.close()
    },
    cancel: () => file.close(),
  })

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch {
    return null // deleted meanwhile
  }
}
