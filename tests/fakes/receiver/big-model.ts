import { bouquetRef, entry } from './model.ts'
import type { Bouquet, ReceiverModel, Transponder } from './model.ts'
import { demoModel } from './demo-model.ts'
import { testClips } from './recipe.ts'
import { buildService } from './service-builder.ts'

const PER_TRANSPONDER = 8
const PER_BOUQUET = 50

/** A dish full of `count` services, eight to a transponder, in bouquets of fifty. All share one tiny clip. */
export function bigModel(count: number): ReceiverModel {
  const services = Array.from({ length: count }, (_, index) => {
    const number = Math.floor(index / PER_TRANSPONDER)
    const transponder: Transponder = {
      orbital: '19.2° E',
      namespace: 0xc00000,
      tsid: 0x400 + number,
      onid: 1,
      polarisation: number % 2 === 0 ? 'H' : 'V',
      band: number % 4 < 2 ? 'high' : 'low',
      symbolRate: 22_000_000,
    }
    return buildService({ name: `Sender ${index + 1}`, sid: 0x1000 + index, transponder, recipe: testClips.aac })
  })
  const bouquets = Array.from({ length: Math.ceil(count / PER_BOUQUET) }, (_, index): Bouquet => {
    const slice = services.slice(index * PER_BOUQUET, (index + 1) * PER_BOUQUET)
    return {
      kind: 'tv',
      ref: bouquetRef('tv', `big${index + 1}`),
      name: `Paket ${index + 1}`,
      hidden: false,
      entries: slice.map((service) => entry(service)),
    }
  })
  return { ...demoModel({ clips: 'tiny' }), services, bouquets, recordings: [] }
}
