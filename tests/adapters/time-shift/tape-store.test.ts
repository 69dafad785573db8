import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { openTapeStore } from '../../../adapters/time-shift/tape-store.ts'

const REEL = 1000

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'downlink-tapes-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const sample = (length: number, seed = 0): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + seed) & 255)

test('openTapeStore() keeps what was written, across reels of one size', async (t) => {
  const dir = folder(t)
  const store = await openTapeStore({ dir, reelBytes: REEL })
  let nth = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 2500 }), { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (lengths, part) => {
        const name = `${nth++}-c1`
        const tape = store.open(name)
        const all = sample(
          lengths.reduce((sum, length) => sum + length, 0),
          nth,
        )
        let at = 0
        for (const length of lengths) {
          await tape.write(at, all.subarray(at, at + length))
          at += length
        }
        const sizes = readdirSync(join(dir, `tape-${name}`)).map(
          (file) => statSync(join(dir, `tape-${name}`, file)).size,
        )
        assert.ok(sizes.every((size) => size <= REEL))
        const from = Math.floor(part * (all.length - 1))
        assert.deepEqual(await tape.read(from, all.length - from), all.subarray(from))
        await tape.close()
        assert.equal(existsSync(join(dir, `tape-${name}`)), false)
      },
    ),
    { numRuns: 15 },
  )
})

test('TapeFile.drop() deletes one reel; the others can still be read', async (t) => {
  const dir = folder(t)
  const store = await openTapeStore({ dir, reelBytes: REEL })
  const tape = store.open('1-c1')
  await tape.write(0, sample(2500))
  await tape.drop(0)
  assert.deepEqual(readdirSync(join(dir, 'tape-1-c1')).toSorted(), ['00000001.ts', '00000002.ts'])
  await assert.rejects(tape.read(900, 200), { message: 'the folder is gone' })
  assert.deepEqual(await tape.read(1000, 1500), sample(2500).subarray(1000))
  await tape.close()
})

test('openTapeStore() deletes what a dead process has left, and nothing else', async (t) => {
  const dir = folder(t)
  const dead = await openTapeStore({ dir, reelBytes: REEL })
  await dead.open('1-c1').write(0, sample(3000))
  await dead.open('2-c7').write(0, sample(10))
  mkdirSync(join(dir, 'photos'))
  writeFileSync(join(dir, 'tape.txt'), 'mine')
  const store = await openTapeStore({ dir, reelBytes: REEL })
  assert.deepEqual(readdirSync(dir).toSorted(), ['photos', 'tape.txt'])
  // The names of the dead are free again.
  const tape = store.open('1-c1')
  await tape.write(0, sample(5))
  assert.deepEqual(await tape.read(0, 5), sample(5))
  await tape.close()
})

test('openTapeStore() touches no disk before something is written', async (t) => {
  const dir = join(folder(t), 'not', 'there')
  const store = await openTapeStore({ dir })
  const tape = store.open('1-c1')
  assert.equal(existsSync(dir), false)
  await tape.close()
  await store.open('2-c1').write(0, sample(5))
  assert.equal(existsSync(join(dir, 'tape-2-c1', '00000000.ts')), true)
})

test('TapeStore.room() counts what the disk has above its floor', async (t) => {
  const dir = folder(t)
  const [all, none] = await Promise.all([
    openTapeStore({ dir, floorBytes: 0 }).then((store) => store.room()),
    openTapeStore({ dir, floorBytes: 2 ** 60 }).then((store) => store.room()),
  ])
  assert.ok(all > 0)
  assert.ok(none < 0)
})

test('TapeFile says in words why it cannot write or read', async (t) => {
  const dir = folder(t)
  const blocked = join(dir, 'blocked')
  writeFileSync(blocked, 'a file where the folder should be')
  const store = await openTapeStore({ dir: blocked })
  await assert.rejects(store.open('1-c1').write(0, sample(5)), { message: /^the (folder|disk) / })
  const other = await openTapeStore({ dir })
  const tape = other.open('1-c1')
  await tape.write(0, sample(5))
  rmSync(join(dir, 'tape-1-c1'), { recursive: true })
  await assert.rejects(tape.read(0, 5), { message: 'the folder is gone' })
  await tape.close()
})

test('TapeFile writes into no file that was there before', async (t) => {
  const dir = folder(t)
  const store = await openTapeStore({ dir })
  const foreign = join(dir, 'precious')
  writeFileSync(foreign, 'precious')
  mkdirSync(join(dir, 'tape-1-c1'))
  symlinkSync(foreign, join(dir, 'tape-1-c1', '00000000.ts'))
  await assert.rejects(store.open('1-c1').write(0, sample(5)), { message: 'the disk refuses (EEXIST)' })
  assert.equal(readFileSync(foreign, 'utf8'), 'precious')
})
