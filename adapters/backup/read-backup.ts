import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Parser } from 'tar'
import type { ReadEntry } from 'tar'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { AnyManifest, BACKUP_FORMAT, Manifest, MANIFEST, MANIFEST_BYTES } from './manifest.ts'
import { SEAL_MAGIC, unseal } from './seal.ts'

/** What tar adds to each file at most: its heads and the filling of its last block. */
const TAR_EXTRA_BYTES = 4096
/** So much of the disk is left to others. */
const FLOOR_BYTES = 256 * 1024 * 1024

/** How a file begins: as a backup, as a sealed one, or as something else (null). */
export async function lookAtBackup(path: string): Promise<'open' | 'locked' | null> {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(SEAL_MAGIC.length), 0, SEAL_MAGIC.length, 0)
    if (buffer.equals(SEAL_MAGIC)) return 'locked'
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? 'open' : null // RFC 1952, 2.3.1
  } finally {
    await file.close()
  }
}

/**
 * Unpacks a backup into an empty folder and checks every byte of it against its manifest, which comes first.
 *
 * Nothing but plain files of the closed list of names is written, each of the size that the manifest says, and only if
 * there is room for all of them. Fails with `backup/not-one`, `backup/damaged`, `backup/newer`, `backup/passphrase`,
 * `backup/no-room`; what was written by then stays in the folder.
 */
export async function readBackup(
  path: string,
  folder: string,
  { passphrase, signal }: { readonly passphrase: Secret | null; readonly signal: AbortSignal },
): Promise<Manifest> {
  const kind = await lookAtBackup(path)
  if (kind === null) throw new Failure('backup/not-one', 'The file does not begin as a backup of downlink does')
  if (kind === 'locked' && passphrase === null)
    throw new Failure('backup/passphrase', 'The backup is locked with a passphrase')
  const { bavail, bsize } = await statfs(folder)
  // Loaded when a backup is read: a house at rest needs no unpacker.
  const tar = await import('tar')
  const unpacking = new Unpacking(folder, bavail * bsize - FLOOR_BYTES, tar)
  const file = createReadStream(path)
  const bytes = kind === 'locked' && passphrase !== null ? unseal(file, passphrase) : file
  try {
    await pipeline(
      bytes,
      createGunzip(),
      async (pieces: AsyncIterable<Uint8Array>) => {
        for await (const piece of pieces) unpacking.write(piece)
      },
      { signal },
    )
    return unpacking.end()
  } catch (error) {
    signal.throwIfAborted()
    // Some runtimes tell of the broken pipe first.
    if (unpacking.trouble instanceof Failure) throw unpacking.trouble
    if (error instanceof Failure) throw error
    throw damaged('it is cut off or not packed as it should be', error)
  } finally {
    unpacking.close()
  }
}

const damaged = (why: string, cause?: unknown): Failure =>
  new Failure('backup/damaged', `The backup cannot be read: ${why}`, {}, cause)

type Expected = Manifest['files'][number]

/** Takes the bytes of a tar archive and writes its files, as long as all is as the manifest says. */
class Unpacking {
  readonly #folder: string
  readonly #room: number
  readonly #parser: Parser
  readonly #text: Buffer[] = []
  #manifest: Manifest | null = null
  #missing = new Map<string, Expected>()
  #most = MANIFEST_BYTES + 2 * TAR_EXTRA_BYTES
  #seen = 0
  #open: { readonly file: number; readonly hash: Hash; readonly expected: Expected; bytes: number } | null = null
  #trouble: unknown = null

  constructor(folder: string, room: number, tar: Pick<typeof import('tar'), 'Parser'>) {
    this.#folder = folder
    this.#room = room
    this.#parser = new tar.Parser({
      strict: true,
      maxMetaEntrySize: 16 * 1024,
      onReadEntry: (entry) => this.#take(entry),
    })
    this.#parser.on('error', (error: unknown) => (this.#trouble ??= error))
  }

  /** What ended it; null: nothing has. */
  get trouble(): unknown {
    return this.#trouble
  }

  write(piece: Uint8Array): void {
    this.#seen += piece.length
    if (this.#seen > this.#most) this.#trouble ??= damaged('there is more in it than it says')
    if (this.#trouble !== null) throw this.#trouble
    this.#parser.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    if (this.#trouble !== null) throw this.#trouble
  }

  end(): Manifest {
    this.#parser.end()
    if (this.#trouble !== null) throw this.#trouble
    if (this.#manifest === null) throw new Failure('backup/not-one', 'The file is no backup of downlink')
    const [lost] = this.#missing.keys()
    if (lost !== undefined || this.#open !== null) throw damaged(`"${lost ?? 'its last file'}" is missing`)
    return this.#manifest
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.file)
    this.#open = null
  }

  #take(entry: ReadEntry): void {
    try {
      if (entry.type !== 'File') throw damaged('there is something else than a file in it')
      if (this.#manifest === null) this.#takeManifest(entry)
      else this.#takeFile(entry)
    } catch (error) {
      this.#trouble ??= error
      entry.resume()
    }
  }

  #takeManifest(entry: ReadEntry): void {
    if (entry.path !== MANIFEST || entry.size > MANIFEST_BYTES)
      throw new Failure('backup/not-one', 'The file is packed like a backup of downlink, and is none')
    entry.on('data', (piece: Uint8Array) => this.#text.push(Buffer.from(piece)))
    entry.on('end', () => this.#guard(() => this.#readManifest()))
  }

  #readManifest(): void {
    let written: unknown
    try {
      written = JSON.parse(Buffer.concat(this.#text).toString('utf8'))
    } catch (error) {
      throw damaged('its manifest is not JSON', error)
    }
    if (!v.is(AnyManifest, written)) throw new Failure('backup/not-one', 'The file is no backup of downlink')
    if (written.format > BACKUP_FORMAT)
      throw new Failure(
        'backup/newer',
        `The backup was made by downlink ${written.version} in format ${written.format}; this program reads formats up to ${BACKUP_FORMAT}`,
      )
    const parsed = v.safeParse(Manifest, written)
    if (!parsed.success) throw damaged(`its manifest is not as it should be (${parsed.issues[0].message})`)
    const { files } = parsed.output
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    if (total > this.#room)
      throw new Failure('backup/no-room', `The backup needs ${total} bytes on the disk of the data folder`)
    this.#manifest = parsed.output
    this.#missing = new Map(files.map((file) => [file.name, file]))
    this.#most = this.#seen + total + (files.length + 4) * TAR_EXTRA_BYTES + 1024 * 1024
  }

  #takeFile(entry: ReadEntry): void {
    const expected = this.#missing.get(entry.path)
    if (expected === undefined) throw damaged('there is a file in it that it does not name')
    if (entry.size !== expected.bytes) throw damaged(`"${expected.name}" has another size than it says`)
    this.#missing.delete(expected.name)
    const path = join(this.#folder, expected.name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const one = { file: openSync(path, 'wx', 0o600), hash: createHash('sha256'), expected, bytes: 0 }
    this.#open = one
    entry.on('data', (piece: Uint8Array) =>
      this.#guard(() => {
        for (let at = 0; at < piece.length;) at += writeSync(one.file, piece, at)
        one.hash.update(piece)
        one.bytes += piece.length
      }),
    )
    entry.on('end', () => this.#guard(() => this.#closeFile()))
  }

  #closeFile(): void {
    const one = this.#open
    if (one === null) return
    fsyncSync(one.file)
    closeSync(one.file)
    this.#open = null
    if (one.bytes !== one.expected.bytes || one.hash.digest('hex') !== one.expected.sha256)
      throw damaged(`"${one.expected.name}" is not as it was`)
  }

  /** What fails within a listener is told by `write`. */
  #guard(work: () => void): void {
    if (this.#trouble !== null) return
    try {
      work()
    } catch (error) {
      this.#trouble = error
    }
  }
}
