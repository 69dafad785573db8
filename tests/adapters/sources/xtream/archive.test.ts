import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PastSpan } from '../../../../core/lineup/past.ts'
import { eventually } from '../../../conformance/source.ts'
import { failsWith } from '../failure.ts'
import { openPanelHouse } from './panel.ts'
import type { PanelHouseOptions } from './panel.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)
const SPAN = { from: Date.UTC(2026, 6, 20, 19, 15, 30), to: Date.UTC(2026, 6, 20, 20, 0, 0) }

async function archiveHouse(options: PanelHouseOptions = {}) {
  const house = await openPanelHouse(options)
  const { past } = house.driver
  assert.ok(past)
  const { items } = await house.driver.catalogue(patience())
  const open = (span: PastSpan, first: number | null = null, item = '101') => {
    const listed = items.find((one) => one.item === item)
    assert.ok(listed)
    const { groups: _, hasLogo: __, guide: ___, number: ____, ...rest } = listed
    const stream = { ...rest, id: `panel/${item}` as never, sourceId: house.config.id }
    return past.openPast({ stream, span, range: first === null ? null : { first, last: null }, signal: patience() })
  }
  return { ...house, items, open, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

test('a channel that the panel keeps says how far back', async () => {
  await using house = await archiveHouse()
  const hours = (item: string) => house.items.find((one) => one.item === item)?.pastHours
  assert.deepEqual([hours('101'), hours('102')], [7 * 24, undefined])
})

for (const { timezone, at, spelled } of [
  { timezone: 'Europe/London', at: Date.UTC(2026, 6, 20, 19, 15, 30), spelled: '2026-07-20:20-15' },
  { timezone: 'Europe/London', at: Date.UTC(2026, 11, 20, 19, 15), spelled: '2026-12-20:19-15' },
  { timezone: 'America/New_York', at: Date.UTC(2026, 2, 8, 6, 59), spelled: '2026-03-08:01-59' },
  { timezone: 'America/New_York', at: Date.UTC(2026, 2, 8, 7, 0), spelled: '2026-03-08:03-00' },
  { timezone: 'Asia/Kolkata', at: Date.UTC(2026, 0, 1, 20, 0), spelled: '2026-01-02:01-30' },
])
  test(`a programme is asked for by the clock of ${timezone}: ${spelled}`, async () => {
    await using house = await archiveHouse({ settings: { timezone } })
    const file = await house.open({ from: at, to: at + 45 * 60_000 })
    await file.close()
    // What is not on a full minute needs one more.
    const minutes = at % 60_000 === 0 ? 45 : 46
    assert.deepEqual(house.panel.observe().archives, [`${spelled}/${minutes}/101`])
  })

for (const [archive, asked] of [
  ['rest', 1],
  ['old', 2],
  ['hls', 3],
] as const)
  test(`the way of a panel that keeps the past as "${archive}" is found by opening, and remembered`, async () => {
    await using house = await archiveHouse({ settings: { archive } })
    const first = await house.open(SPAN)
    const [byte] = new Uint8Array(await new Response(first.body).arrayBuffer())
    const found = house.panel.observe().archives.length
    await eventually(() => house.panel.observe().open === 0, 'the connection is gone')
    await (await house.open(SPAN)).close()
    const { archives, forbidden, mostOpen } = house.panel.observe()
    assert.deepEqual([byte, found, archives.length, forbidden], [0x47, asked, asked + 1, []])
    assert.ok(mostOpen <= 1)
  })

test('a place in the past is asked for by its bytes, over one connection at a time', async () => {
  await using house = await archiveHouse()
  const whole = await house.open(SPAN)
  const { size } = whole
  assert.ok(size !== null && whole.contentType === 'video/mp2t' && !whole.partial)
  await whole.close()
  const part = await house.open(SPAN, 188_000)
  assert.deepEqual([part.first, part.last, part.size, part.partial], [188_000, size - 1, size, true])
  assert.equal((await new Response(part.body).arrayBuffer()).byteLength, size - 188_000)
  await assert.rejects(house.open(SPAN, size), failsWith('vod/range'))
  assert.deepEqual([house.panel.observe().mostOpen, house.panel.observe().forbidden], [1, []])
})

test('the past takes the seat of the account: a channel beside it has none', async () => {
  await using house = await archiveHouse({ common: { maxStreams: 1 } })
  const file = await house.open(SPAN)
  await assert.rejects(house.open(SPAN), failsWith('live/no-slot'))
  await file.close()
  await eventually(() => house.panel.observe().open === 0, 'the connection is gone')
  assert.equal(house.panel.observe().killed, 0)
})

test('a panel that has no past is refused by its status, and the seat is free again', async () => {
  await using house = await archiveHouse({ settings: { archive: 'none' } })
  await assert.rejects(house.open(SPAN), failsWith('live/refused'))
  house.panel.configure({ archive: 'rest' })
  await (await house.open(SPAN)).close()
})
