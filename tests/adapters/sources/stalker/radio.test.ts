import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portalHouse } from './portal-house.ts'

const signal = new AbortController().signal

for (const mode of ['stock4', 'stock5', 'xc29', 'xui', 'simple'] as const)
  test(`a portal of kind ${mode} lists its radio stations where that is wished`, async () => {
    const house = portalHouse({ mode, settings: { radio: true } })
    const { items, groups } = await house.run(house.source.catalogue(signal))
    const stations = items.filter(({ media }) => media === 'radio')
    assert.deepEqual(
      stations.map(({ item, name, groups: own, guide }) => [item, name, own, guide]),
      Array.from({ length: 14 }, (_, index) => [`radio-${101 + index}`, `Radio ${index + 1}`, ['Radio'], null]),
    )
    assert.equal(groups.at(-1), 'Radio')
    assert.ok(items.some(({ item, media }) => item === '101' && media === 'tv'))
    assert.deepEqual(house.forbidden(), [])
  })

test('a portal is not asked for radio where nobody wishes it', async () => {
  const house = portalHouse({})
  const { items, groups } = await house.run(house.source.catalogue(signal))
  assert.deepEqual([items.some(({ media }) => media === 'radio'), groups.includes('Radio')], [false, false])
})

test('a station plays from its lasting address', async () => {
  const house = portalHouse({ settings: { radio: true } })
  const station = await house.open('radio-101')
  assert.ok(station.bytes() > 0)
  station.close()
})
