import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_HOUSE } from '../../../../core/linear/house-format.ts'
import { houseGrid } from '../../../../core/linear/joiner/house-grid.ts'
import { ProgrammeWriter } from '../../../../core/linear/joiner/programme-writer.ts'
import { UnitReader } from '../../../../core/linear/joiner/unit-reader.ts'
import type { Unit } from '../../../../core/linear/joiner/unit-reader.ts'
import { judge } from '../../../core/live/ts-judge.ts'

const GRID = houseGrid(DEFAULT_HOUSE)

const read = (bytes: Uint8Array): readonly Unit[] => {
  const units: Unit[] = []
  const reader = new UnitReader((unit) => units.push(unit))
  reader.push(bytes)
  reader.end()
  return units
}

test('ProgrammeWriter writes what a reader gets back, of any size', () => {
  const writer = new ProgrammeWriter(DEFAULT_HOUSE, [null])
  // Up to a picture that is larger than all that the writer had room for.
  const sizes = [1, 150, 170, 183, 184, 185, 1000, 30_000, 400_000, 7, 70_000]
  const pictures = sizes.map((size, index) => Uint8Array.from({ length: size }, (_, at) => (at * 7 + index) & 0xff))
  for (const [index, bytes] of pictures.entries()) {
    const at = 900_000 + index * GRID.picture
    writer.picture({ at, shownAt: at, isKey: index === 0, bytes })
  }
  const bytes = writer.take()
  assert.deepEqual(judge(bytes).faults, [])
  const units = read(bytes)
  assert.deepEqual(
    units.map((unit) => unit.bytes.length),
    sizes,
  )
  for (const [index, unit] of units.entries()) assert.deepEqual(unit.bytes, pictures[index])
  assert.equal(writer.take().length, 0)
})

test('ProgrammeWriter tells the clock every 40 ms, also where pictures stand', () => {
  const writer = new ProgrammeWriter(DEFAULT_HOUSE, [null])
  const bytes = Uint8Array.of(1)
  writer.picture({ at: 900_000, shownAt: 900_000, isKey: true, bytes })
  for (let at = 900_000; at < 945_000; at += GRID.sound) writer.sound(0, at, bytes)
  writer.picture({ at: 946_800, shownAt: 946_800, isKey: false, bytes })
  const { pcr, faults } = judge(writer.take())
  assert.deepEqual(faults, [])
  assert.ok(pcr.length >= 13)
  for (const [index, clock] of pcr.entries()) assert.ok(index === 0 || clock - (pcr[index - 1] ?? 0) <= 3600)
})

test('ProgrammeWriter announces every sound track with its language', () => {
  const writer = new ProgrammeWriter(DEFAULT_HOUSE, ['deu', null, 'eng'])
  writer.picture({ at: 900_000, shownAt: 900_000, isKey: true, bytes: Uint8Array.of(1) })
  for (const track of [0, 1, 2]) writer.sound(track, 900_000, Uint8Array.of(2))
  const bytes = writer.take()
  assert.deepEqual([...judge(bytes).streamTypes.keys()], [0x100, 0x101, 0x102, 0x103])
  const text = new TextDecoder('latin1').decode(bytes)
  assert.ok(text.includes('deu') && text.includes('eng'))
})
