import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceId, streamId } from '../../../../core/lineup/stream.ts'
import type { VodRange } from '../../../../core/lineup/vod.ts'
import { failsWith } from '../enigma2/receiver.ts'
import { portalHouse } from './portal-house.ts'
import type { HouseOptions } from './portal-house.ts'

const HOUR = 3_600_000
const signal = new AbortController().signal

async function archive(options: HouseOptions) {
  const house = portalHouse(options)
  const { past } = house.source
  assert.ok(past)
  const { items } = await house.run(house.source.catalogue(signal))
  const open = (hoursAgo: number, { item = '102', range = null as VodRange | null } = {}) => {
    const listed = items.find((one) => one.item === item)
    assert.ok(listed)
    const { groups: _, hasLogo: __, guide: ___, number: ____, ...rest } = listed
    const stream = { ...rest, id: streamId(sourceId('portal'), item), sourceId: sourceId('portal') }
    const from = house.clock.now() - hoursAgo * HOUR
    return house.run(past.openPast({ stream, span: { from, to: from + HOUR }, range, signal }))
  }
  return { house, items, open }
}

for (const mode of ['stock4', 'stock5', 'xc29', 'xui', 'simple'] as const) {
  test(`a portal of kind ${mode} replays the programme of an instant, once for each opening`, async () => {
    const { house, items, open } = await archive({ mode })
    const hours = ['101', '102'].map((item) => items.find((one) => one.item === item)?.pastHours)
    assert.deepEqual(hours, [undefined, 48])
    const file = await open(5)
    const bytes = new Uint8Array(await new Response(file.body).arrayBuffer())
    await file.close()
    assert.equal(bytes.length, 200_102)
    const part = await open(5, { range: { first: 1000, last: null } })
    assert.deepEqual([part.first, part.partial, part.size], [1000, true, 200_102])
    await part.close()
    assert.deepEqual(house.forbidden(), [])
  })
}

test('a programme that is not kept any more is told from one that the guide does not know', async () => {
  const { open } = await archive({ mode: 'stock4' })
  await assert.rejects(open(60), failsWith('live/no-past'))
  await assert.rejects(open(0), failsWith('live/no-past'))
})
