import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import type { Duplex } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Failure } from '../../core/errors.ts'
import { openZip } from './zip.ts'

const PIECE_BYTES = 64 * 1024
/** A document of a guide is smaller; what unpacks to more is meant to fill a disk. */
const MOST_UNPACKED = 16 * 1024 ** 3
/** A panel may pack what is packed already. */
const MOST_LAYERS = 3

/** How a document is read. `onRead` is told the bytes of the file that were read so far. */
export type UnpackOptions = { readonly onRead: (bytes: number) => void; readonly signal: AbortSignal }

/**
 * The content of a file that is plain, gzip, zip (its largest member) or xz, told by its first bytes, in layers if it
 * was packed more than once.
 *
 * xz has no decoder in any runtime: the program `xz` unpacks it, where it is installed.
 * Fails with `guide/packed` when it cannot be unpacked, or with the signal's reason.
 */
export async function* unpackFile(path: string, { onRead, signal }: UnpackOptions): AsyncGenerator<Uint8Array> {
  await using file = await open(path)
  const head = new Uint8Array(8)
  await file.read(head, 0, head.length, 0)
  const pieces =
    packingOf(head) === 'zip' ? await openZip(file, { onRead, pieceBytes: PIECE_BYTES }) : readPieces(file, onRead)
  let size = 0
  for await (const piece of unpack(pieces, MOST_LAYERS, signal)) {
    signal.throwIfAborted()
    size += piece.length
    if (size > MOST_UNPACKED)
      throw new Failure('guide/packed', `The document unpacks to more than ${MOST_UNPACKED} bytes`)
    yield piece
  }
}

type Packing = 'plain' | 'gzip' | 'zip' | 'xz' | 'other'

// The magic numbers of RFC 1952, APPNOTE.TXT of zip, the .xz format, and of what nobody should send.
const MAGICS: readonly (readonly [readonly number[], Packing])[] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x42, 0x5a, 0x68], 'other'], // bzip2
  [[0x28, 0xb5, 0x2f, 0xfd], 'other'], // zstd
  [[0x37, 0x7a, 0xbc, 0xaf], 'other'], // 7z
]

const packingOf = (head: Uint8Array): Packing =>
  MAGICS.find(([magic]) => magic.every((byte, index) => head[index] === byte))?.[1] ?? 'plain'

async function* readPieces(
  file: Awaited<ReturnType<typeof open>>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const piece = new Uint8Array(PIECE_BYTES)
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    onRead(at)
    yield piece.subarray(0, bytesRead)
  }
}

async function* unpack(
  pieces: AsyncIterable<Uint8Array>,
  layers: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done === true) return
  const whole = (async function* () {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => source }
  })()
  const packing = packingOf(first.value)
  if (packing === 'plain') yield* whole
  else if (packing === 'gzip' && layers > 0)
    yield* unpack(through(whole, createGunzip({ chunkSize: PIECE_BYTES })), layers - 1, signal)
  else if (packing === 'xz' && layers > 0) yield* unpack(throughXz(whole, signal), layers - 1, signal)
  else throw new Failure('guide/packed', 'The document is packed in a way that is not supported; gzip, zip and xz are')
}

async function* through(pieces: AsyncIterable<Uint8Array>, transform: Duplex): AsyncGenerator<Uint8Array> {
  // What fails ends the transform, and so the loop below.
  pipeline(pieces, transform, () => {})
  try {
    for await (const piece of transform) yield piece as Uint8Array
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure('guide/packed', 'The document is packed, but damaged or cut off', {}, cause)
  } finally {
    transform.destroy()
  }
}

async function* throughXz(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const child = spawn('xz', ['-d', '-c'], { stdio: ['pipe', 'pipe', 'ignore'], signal })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  exit.catch(() => {}) // told below
  pipeline(pieces, child.stdin, () => {})
  try {
    for await (const piece of child.stdout) yield piece as Uint8Array
    if ((await exit) !== 0) throw new Failure('guide/packed', 'The document is packed with xz, but damaged or cut off')
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof Failure) throw cause
    throw new Failure(
      'guide/packed',
      'The document is packed with xz, and the program "xz" cannot be run here',
      {},
      cause,
    )
  } finally {
    child.kill('SIGKILL')
  }
}
