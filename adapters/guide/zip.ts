import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { Failure } from '../../core/errors.ts'

// PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16.
const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 0x01
const IN_ZIP64 = 0xffffffff
const MOST_DIRECTORY = 16 * 1024 * 1024

type Member = {
  readonly method: number
  readonly flags: number
  readonly packedBytes: number
  readonly bytes: number
  readonly at: number
}

/**
 * The content of the largest member of a zip file.
 *
 * Read from the directory at the end, as sizes before a member may be missing. Fails with `guide/packed` for files that
 * are damaged, encrypted, larger than 4 GiB, or packed otherwise than by deflate.
 */
export async function openZip(
  file: FileHandle,
  { onRead, pieceBytes }: { readonly onRead: (bytes: number) => void; readonly pieceBytes: number },
): Promise<AsyncIterable<Uint8Array>> {
  const [largest] = (await readDirectory(file)).toSorted((a, b) => b.bytes - a.bytes)
  if (largest === undefined) throw broken('has no members')
  if ((largest.flags & ENCRYPTED) !== 0) throw broken('is encrypted')
  if (largest.packedBytes === IN_ZIP64 || largest.at === IN_ZIP64) throw broken('is larger than 4 GiB')
  const header = await readAt(file, largest.at, 30)
  if (header.getUint32(0, true) !== LOCAL_HEADER) throw broken('is damaged')
  const from = largest.at + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  const packed = pieces(file, { from, to: from + largest.packedBytes, onRead, pieceBytes })
  if (largest.method === STORED) return packed
  if (largest.method === DEFLATED) return inflate(packed, pieceBytes)
  throw broken(`is packed by method ${largest.method}`)
}

const broken = (what: string): Failure => new Failure('guide/packed', `The zip file ${what}`)

async function readDirectory(file: FileHandle): Promise<readonly Member[]> {
  const { size } = await file.stat()
  const tailAt = Math.max(0, size - END_BYTES - LONGEST_COMMENT)
  const tail = await readAt(file, tailAt, size - tailAt)
  let end = tail.byteLength - END_BYTES
  while (end >= 0 && tail.getUint32(end, true) !== END_OF_DIRECTORY) end--
  if (end < 0) throw broken('is cut off')
  const directoryBytes = tail.getUint32(end + 12, true)
  const directoryAt = tail.getUint32(end + 16, true)
  if (directoryAt === IN_ZIP64) throw broken('is larger than 4 GiB')
  if (directoryBytes > MOST_DIRECTORY || directoryAt + directoryBytes > size) throw broken('is damaged')
  const directory = await readAt(file, directoryAt, directoryBytes)

  const members: Member[] = []
  for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === CENTRAL_HEADER;) {
    members.push({
      flags: directory.getUint16(at + 8, true),
      method: directory.getUint16(at + 10, true),
      packedBytes: directory.getUint32(at + 20, true),
      bytes: directory.getUint32(at + 24, true),
      at: directory.getUint32(at + 42, true),
    })
    at +=
      46 + directory.getUint16(at + 28, true) + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true)
  }
  return members
}

async function readAt(file: FileHandle, at: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  if (bytesRead < length) throw broken('is cut off')
  return new DataView(bytes.buffer)
}

async function* pieces(
  file: FileHandle,
  part: {
    readonly from: number
    readonly to: number
    readonly onRead: (bytes: number) => void
    readonly pieceBytes: number
  },
): AsyncGenerator<Uint8Array> {
  for (let at = part.from; at < part.to;) {
    const piece = new Uint8Array(Math.min(part.pieceBytes, part.to - at))
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) throw broken('is cut off')
    at += bytesRead
    part.onRead(at)
    yield piece.subarray(0, bytesRead)
  }
}

async function* inflate(packed: AsyncIterable<Uint8Array>, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const transform = createInflateRaw({ chunkSize: pieceBytes })
  pipeline(packed, transform, () => {}) // what fails ends the loop below
  try {
    for await (const piece of transform) yield piece as Uint8Array
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Failure('guide/packed', 'The zip file is damaged', {}, cause)
  } finally {
    transform.destroy()
  }
}
