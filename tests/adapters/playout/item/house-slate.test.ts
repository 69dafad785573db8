import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createHouseSlates } from '../../../../adapters/playout/item/house-slate.ts'
import type { HouseStyle } from '../../../../adapters/playout/item/house-output.ts'
import { DEFAULT_HOUSE, HOUSE_SOUND_SAMPLES, gopPictures, quantum90k } from '../../../../core/linear/house-format.ts'
import { requireProgram } from '../../../require-program.ts'
import { faultsOf, nalTypes, readPiece, steps } from './piece.ts'

const SMALL = { ...DEFAULT_HOUSE, width: 640, height: 360 }
const WORDS = { headline: 'Störung', text: 'Es geht gleich weiter: "Ärger" kostet 100 % & 5 €' }
const encoders = new Set(['libx264', 'aac', 'ac3', 'mp2'])

for (const { name, style } of [
  { name: '25 pictures with AAC', style: { house: SMALL, looks: { audioTracks: 1, languages: [] } } },
  {
    name: '30 pictures with AC-3 in two tracks',
    style: {
      house: { ...SMALL, frameRate: 30, audioCodec: 'ac3' },
      looks: { audioTracks: 2, languages: ['de', 'en'] },
    },
  },
  {
    name: '50 pictures with MP2',
    style: { house: { ...SMALL, frameRate: 50, audioCodec: 'mp2' }, looks: { audioTracks: 1, languages: [] } },
  },
] as const) {
  test(`createHouseSlates() makes a loop that is whole on the grid: ${name}`, async (t) => {
    const path = requireProgram(t, 'ffmpeg')
    if (path === null) return
    const dir = await mkdtemp(join(tmpdir(), 'slates-'))
    t.after(() => rm(dir, { recursive: true }))
    const slates = createHouseSlates({ ffmpeg: { path, encoders }, encoder: () => null, dir, log: () => {} })
    const full: HouseStyle = { ...style, serviceName: 'Kanal 1' }
    const slate = await slates.slate(WORDS, full)
    assert.ok(slate !== null)
    const { house, looks } = style
    assert.equal(slate.length90k % quantum90k(house), 0)
    assert.deepEqual(faultsOf(slate.bytes), [])
    const { units, pcr90k, pmt } = readPiece(slate.bytes)
    const pictures = units.get(0x100) ?? []
    assert.equal(pictures.length, gopPictures(house))
    assert.equal(pictures[0]?.pts90k, slate.start90k)
    assert.deepEqual(new Set(steps(pictures.map(({ dts90k }) => dts90k))), new Set([90_000 / house.frameRate]))
    assert.ok(pictures.every(({ pts90k, dts90k }) => pts90k === dts90k))
    assert.deepEqual(
      pictures.map(({ isKey }, index) => (isKey ? index : -1)).filter((index) => index >= 0),
      [0],
    )
    assert.ok(nalTypes(pictures[0]?.bytes ?? new Uint8Array()).includes(5))
    assert.ok(Math.max(...steps(pcr90k)) <= 3600)
    const frame90k = (HOUSE_SOUND_SAMPLES[house.audioCodec] * 90_000) / 48_000
    for (let track = 0; track < looks.audioTracks; track++) {
      const sound = units.get(0x101 + track) ?? []
      assert.equal(sound.length, slate.length90k / frame90k)
      assert.equal(sound[0]?.pts90k, slate.start90k)
      assert.deepEqual(new Set(steps(sound.map(({ pts90k }) => pts90k))), new Set([frame90k]))
    }
    assert.deepEqual(
      pmt.streams.slice(1).map(({ language }) => language),
      looks.audioTracks > 1 ? ['deu', 'eng'] : [null],
    )
    assert.equal(pmt.streams.length, 1 + looks.audioTracks)
    assert.ok(slate.bytes.length < 150_000)
  })
}

test('createHouseSlates() gives the same loop again, and after a new start the one on the disk', async (t) => {
  const path = requireProgram(t, 'ffmpeg')
  if (path === null) return
  const dir = await mkdtemp(join(tmpdir(), 'slates-'))
  t.after(() => rm(dir, { recursive: true }))
  const style: HouseStyle = { house: SMALL, looks: { audioTracks: 1, languages: [] }, serviceName: 'Kanal 1' }
  const first = createHouseSlates({ ffmpeg: { path, encoders }, encoder: () => null, dir, log: () => {} })
  const [a, b] = await Promise.all([first.slate(WORDS, style), first.slate(WORDS, style)])
  assert.ok(a !== null && b !== null)
  assert.equal(a.bytes, b.bytes)
  assert.equal((await readdir(dir)).length, 1)
  // It would fail if it had to be made.
  const later = createHouseSlates({ ffmpeg: { path: '/nowhere', encoders }, encoder: () => null, dir, log: () => {} })
  assert.deepEqual((await later.slate(WORDS, style))?.bytes, a.bytes)
})

test('createHouseSlates() gives none without FFmpeg or without the encoder of the sound', async () => {
  const style: HouseStyle = { house: SMALL, looks: { audioTracks: 1, languages: [] }, serviceName: 'Kanal 1' }
  const shared = { encoder: () => null, dir: '/nowhere', log: () => {} }
  const without = createHouseSlates({ ...shared, ffmpeg: { path: null, encoders } })
  const mute = createHouseSlates({ ...shared, ffmpeg: { path: 'ffmpeg', encoders: new Set(['libx264']) } })
  assert.deepEqual([await without.slate(WORDS, style), await mute.slate(WORDS, style)], [null, null])
})
