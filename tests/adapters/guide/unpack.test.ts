import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { unpackFile } from '../../../adapters/guide/unpack.ts'
import { requireProgram } from '../../require-program.ts'
import { aFolder } from './documents.ts'

const TEXT = `<tv>${'Köln '.repeat(200_000)}</tv>`
const plain = new TextEncoder().encode(TEXT)
const never = new AbortController().signal

async function unpack(bytes: Uint8Array, signal = never): Promise<{ readonly text: string; readonly read: number }> {
  using folder = aFolder()
  const path = folder.in('document')
  writeFileSync(path, bytes)
  const decoder = new TextDecoder()
  let text = ''
  let read = 0
  for await (const piece of unpackFile(path, { onRead: (count) => void (read = count), signal }))
    text += decoder.decode(piece, { stream: true })
  return { text, read }
}

type Member = { readonly name: string; readonly bytes: Uint8Array; readonly method?: number; readonly flags?: number }

/** A zip file as tools write it: local headers without sizes, the directory at the end, a comment behind it. */
function zip(members: readonly Member[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, bytes, method = 8, flags = 0x08 } of members) {
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(bytes.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(at, 42)
    directory.push(central, Buffer.from(name))
    parts.push(local, Buffer.from(name), packed)
    at += 30 + name.length + packed.length
  }
  const whole = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(whole.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, whole, end, Buffer.from('made by a tool')])
}

for (const { name, bytes } of [
  { name: 'as it is', bytes: plain },
  { name: 'gzip', bytes: gzipSync(plain) },
  {
    name: 'gzip of two members',
    bytes: Buffer.concat([gzipSync(plain.subarray(0, 5000)), gzipSync(plain.subarray(5000))]),
  },
  { name: 'gzip in gzip', bytes: gzipSync(gzipSync(plain)) },
  {
    name: 'zip, the largest member',
    bytes: zip([
      { name: 'readme.txt', bytes: new Uint8Array(10) },
      { name: 'g.xml', bytes: plain },
    ]),
  },
  { name: 'zip that is not packed', bytes: zip([{ name: 'g.xml', bytes: plain, method: 0 }]) },
  { name: 'gzip in zip', bytes: zip([{ name: 'g.xml.gz', bytes: gzipSync(plain), method: 0 }]) },
]) {
  test(`unpackFile() reads a document ${name}`, async () => {
    const { text, read } = await unpack(bytes)
    assert.ok(text === TEXT)
    assert.ok(read > 0 && read <= bytes.length)
  })
}

test('unpackFile() reads a document packed by xz', async (t) => {
  const xz = requireProgram(t, 'xz')
  if (xz === null) return
  const { stdout } = spawnSync(xz, ['-c', '-0'], { input: plain, maxBuffer: 1 << 26 })
  assert.ok((await unpack(stdout)).text === TEXT)
  await assert.rejects(unpack(stdout.subarray(0, stdout.length - 20)), { code: 'guide/packed' })
})

test('unpackFile() gives nothing of an empty file', async () => {
  assert.equal((await unpack(new Uint8Array(0))).text, '')
})

const zipped = zip([{ name: 'g.xml', bytes: plain }])
for (const { name, bytes } of [
  { name: 'gzip that is cut off', bytes: gzipSync(plain).subarray(0, -100) },
  { name: 'gzip that is damaged', bytes: Buffer.concat([gzipSync(plain).subarray(0, 500), Buffer.alloc(500)]) },
  { name: 'zip without its end', bytes: zipped.subarray(0, -60) },
  { name: 'zip that is damaged', bytes: Buffer.concat([zipped.subarray(0, 60).fill(0xff, 40), zipped.subarray(60)]) },
  { name: 'zip with a password', bytes: zip([{ name: 'g.xml', bytes: plain, flags: 0x01 }]) },
  { name: 'zip by another method', bytes: zip([{ name: 'g.xml', bytes: plain, method: 14 }]) },
  { name: 'bzip2', bytes: Buffer.from('BZh91AY&SY') },
  { name: 'gzip in gzip without end', bytes: gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(plain))))) },
]) {
  test(`unpackFile() refuses ${name}`, async () => {
    await assert.rejects(unpack(bytes), { code: 'guide/packed' })
  })
}

test('unpackFile() ends with the reason of its signal', async () => {
  const stop = AbortSignal.abort(new Error('stopped'))
  await assert.rejects(unpack(gzipSync(plain), stop), { message: 'stopped' })
})
