import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { Failure } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'

/** First bytes of a sealed file: name and version of this layout. */
export const SEAL_MAGIC = Buffer.from('DLSEAL1\n')

const SALT_BYTES = 16
const HEAD_BYTES = SEAL_MAGIC.length + 4 + SALT_BYTES
const CHUNK_BYTES = 64 * 1024
const TAG_BYTES = 16
// RFC 7914; OWASP Password Storage Cheat Sheet (2024) names N=2^16, r=8, p=2 as one of the equivalent minimums.
const COST = { logN: 16, r: 8, p: 2 }
/** What a head may ask of our memory, bytes: 128 × N × r (RFC 7914, 2). */
const MOST_MEMORY = 256 * 1024 * 1024

/**
 * Seals bytes with a passphrase: scrypt gives the key, AES-256-GCM seals pieces of 64 KiB.
 *
 * Head: magic, log2 N, r, p, 0, salt. The nonce of a piece is its number, and 1 in the last byte for the last one, so that
 * pieces cannot change places and none can be cut off (the STREAM construction, Hoang et al. 2015). Every piece is bound
 * to the head. A key is used for one file only: its salt is drawn anew.
 */
export async function* seal(bytes: AsyncIterable<Uint8Array>, passphrase: Secret): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(SALT_BYTES)
  const head = Buffer.concat([SEAL_MAGIC, Buffer.from([COST.logN, COST.r, COST.p, 0]), salt])
  const key = await derive(passphrase, salt, COST)
  yield head
  let number = 0
  for await (const { piece, isLast } of inPieces(bytes, CHUNK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast))
    cipher.setAAD(head)
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

/**
 * Opens what `seal` has made. Gives nothing that was not checked.
 *
 * Fails with `backup/passphrase` if it was sealed with another one, `backup/damaged` if a later piece is not as it was.
 */
export async function* unseal(bytes: AsyncIterable<Uint8Array>, passphrase: Secret): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  while (held.length < HEAD_BYTES) {
    const { value, done } = await source.next()
    if (done === true) throw damaged('it ends within its first bytes')
    held = Buffer.concat([held, value])
  }
  const head = held.subarray(0, HEAD_BYTES)
  const rest = held.subarray(HEAD_BYTES)
  const [logN = 0, r = 0, p = 0] = head.subarray(SEAL_MAGIC.length)
  if (logN < 10 || r === 0 || p === 0 || p > 8 || 128 * 2 ** logN * r > MOST_MEMORY)
    throw damaged('its head asks for what no backup needs')
  const key = await derive(passphrase, head.subarray(SEAL_MAGIC.length + 4), { logN, r, p })
  const body = (async function* () {
    yield rest
    for (;;) {
      const { value, done } = await source.next()
      if (done === true) return
      yield value
    }
  })()
  let number = 0
  for await (const { piece, isLast } of inPieces(body, CHUNK_BYTES + TAG_BYTES)) {
    const opened = piece.length < TAG_BYTES ? null : openPiece(piece, { key, head, nonce: nonceOf(number, isLast) })
    if (opened === null) {
      if (number > 0) throw damaged('a piece of it is not as it was made')
      throw new Failure('backup/passphrase', 'The backup cannot be opened: the passphrase is another one')
    }
    number += 1
    yield opened
  }
}

function openPiece(
  piece: Buffer,
  { key, head, nonce }: { readonly key: Buffer; readonly head: Buffer; readonly nonce: Buffer },
): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(head)
    decipher.setAuthTag(piece.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(piece.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch {
    return null // the tag does not fit
  }
}

const damaged = (why: string): Failure => new Failure('backup/damaged', `The backup cannot be read: ${why}`)

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 7)
  nonce[11] = Number(isLast)
  return nonce
}

/** Pieces of one size; only the last one may be shorter, also empty. */
async function* inPieces(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly piece: Buffer; readonly isLast: boolean }> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    parts.push(chunk)
    length += chunk.length
    // One byte more than a piece says that it is not the last one.
    if (length <= size) continue
    let held = Buffer.concat(parts)
    while (held.length > size) {
      yield { piece: held.subarray(0, size), isLast: false }
      held = held.subarray(size)
    }
    parts = [held]
    length = held.length
  }
  yield { piece: Buffer.concat(parts), isLast: true }
}

type Cost = typeof COST

function derive(passphrase: Secret, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  const cost = { N: 2 ** logN, r, p, maxmem: 2 * MOST_MEMORY }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.reveal().normalize('NFC'), salt, 32, cost, (error, key) => {
      // Bun says undefined for no error, Node null.
      if (error) reject(error)
      else resolve(key)
    })
  })
}
