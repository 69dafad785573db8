import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEitHarvest } from '../../../../core/guide/eit/harvest.ts'
import { at, spans } from '../samples.ts'
import { sendEit } from './sections.ts'
import type { SentSection } from './sections.ts'

const WANTED = '1:453:445D'
const aHarvest = () => createEitHarvest({ isWanted: (service) => service === WANTED, now: () => at(0) })
const events = (...starts: readonly number[]): SentSection['events'] =>
  starts.map((start) => ({ start: at(start), minutes: 30, title: `From ${start}` }))

test('createEitHarvest() gives what was told once, a batch for each run without a hole', () => {
  const harvest = aHarvest()
  harvest.push(sendEit({ tableId: 0x4e, number: 0, events: events(0) }))
  harvest.push(sendEit({ tableId: 0x4e, number: 1, events: events(30) }))
  harvest.push(sendEit({ tableId: 0x50, number: 8, events: events(600, 630) }))
  const batches = harvest.take()
  assert.deepEqual(
    batches.map(({ channel, from, to, programmes }) => [channel, from, to, spans(programmes)]),
    [
      [
        WANTED,
        at(0),
        at(60),
        [
          [0, 30, 'From 0'],
          [30, 60, 'From 30'],
        ],
      ],
      [
        WANTED,
        at(600),
        at(660),
        [
          [600, 630, 'From 600'],
          [630, 660, 'From 630'],
        ],
      ],
    ],
  )
  assert.deepEqual(harvest.take(), [])
})

test('createEitHarvest() passes over what was taken before, until it changes', () => {
  const harvest = aHarvest()
  const section = sendEit({ events: events(0) })
  harvest.push(section)
  assert.equal(harvest.take().length, 1)
  harvest.push(section)
  assert.equal(harvest.take().length, 0)
  harvest.push(sendEit({ version: 1, events: [{ start: at(0), minutes: 30, title: 'New' }] }))
  assert.deepEqual(
    harvest.take().flatMap(({ programmes }) => spans(programmes)),
    [[0, 30, 'New']],
  )
})

test('createEitHarvest() takes nothing of services that nobody has, and of impossible times', () => {
  const harvest = aHarvest()
  harvest.push(sendEit({ service: 0x445e, events: events(0) }))
  harvest.push(sendEit({ number: 1, events: events(-3000, 60 * 24 * 29) }))
  assert.deepEqual(harvest.take(), [])
})
