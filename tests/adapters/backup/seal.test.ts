import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { seal, unseal } from '../../../adapters/backup/seal.ts'
import { Secret } from '../../../core/secret.ts'

const PASSPHRASE = new Secret('correct horse battery')
const PIECE = 64 * 1024

/** Bytes in chunks of one size. */
async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return Buffer.concat(parts)
}
const patterned = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 7) & 255))

for (const length of [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]) {
  test(`unseal() undoes seal() for ${length} bytes, however they are cut`, async () => {
    const plain = patterned(length)
    const sealed = await collect(seal(chunked(plain, 10_000), PASSPHRASE))
    if (length >= 16) assert.ok(!sealed.includes(plain.subarray(0, 16)))
    assert.deepEqual(await collect(unseal(chunked(sealed, 7777), PASSPHRASE)), plain)
  })
}

const sealed = await collect(seal(chunked(patterned(2 * PIECE + 100), PIECE), PASSPHRASE))
const HEAD = 28
const SEALED_PIECE = PIECE + 16
const turned = (at: number): Buffer => {
  const bytes = Buffer.from(sealed)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

for (const { name, bytes, code } of [
  { name: 'a bit of the first piece', bytes: turned(HEAD + 5), code: 'backup/passphrase' },
  { name: 'a bit of a later piece', bytes: turned(HEAD + SEALED_PIECE + 5), code: 'backup/damaged' },
  { name: 'a bit of the salt', bytes: turned(HEAD - 1), code: 'backup/passphrase' },
  { name: 'an end between two pieces', bytes: sealed.subarray(0, HEAD + 2 * SEALED_PIECE), code: 'backup/damaged' },
  { name: 'an end within a piece', bytes: sealed.subarray(0, sealed.length - 3), code: 'backup/damaged' },
  { name: 'an end within the head', bytes: sealed.subarray(0, 20), code: 'backup/damaged' },
  {
    name: 'pieces that have changed places',
    bytes: Buffer.concat([
      sealed.subarray(0, HEAD),
      sealed.subarray(HEAD + SEALED_PIECE, HEAD + 2 * SEALED_PIECE),
      sealed.subarray(HEAD, HEAD + SEALED_PIECE),
      sealed.subarray(HEAD + 2 * SEALED_PIECE),
    ]),
    code: 'backup/passphrase',
  },
  {
    name: 'a head that asks for all memory',
    bytes: Buffer.concat([sealed.subarray(0, 8), Buffer.from([40, 8, 1, 0]), sealed.subarray(12)]),
    code: 'backup/damaged',
  },
]) {
  test(`unseal() refuses ${name}`, async () => {
    await assert.rejects(collect(unseal(chunked(bytes, PIECE), PASSPHRASE)), { code })
  })
}

test('unseal() refuses another passphrase', async () => {
  await assert.rejects(collect(unseal(chunked(sealed, PIECE), new Secret('another horse'))), {
    code: 'backup/passphrase',
  })
})
