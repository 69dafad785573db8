import { bouquetRef, entry, marker } from './model.ts'
import type { Genre, ReceiverModel, Service, Transponder } from './model.ts'
import { codecSets, testClips } from './recipe.ts'
import { buildService } from './service-builder.ts'

/** Four transponders of one dish. */
export const demoTransponders = {
  first: {
    orbital: '19.2° E',
    namespace: 0xc00000,
    tsid: 0x3ef,
    onid: 1,
    polarisation: 'H',
    band: 'high',
    symbolRate: 22_000_000,
  },
  second: {
    orbital: '19.2° E',
    namespace: 0xc00000,
    tsid: 0x45b,
    onid: 1,
    polarisation: 'V',
    band: 'high',
    symbolRate: 22_000_000,
  },
  third: {
    orbital: '19.2° E',
    namespace: 0xc00000,
    tsid: 0x6,
    onid: 0x85,
    polarisation: 'H',
    band: 'high',
    symbolRate: 27_500_000,
  },
  fourth: {
    orbital: '13.0° E',
    namespace: 0x820000,
    tsid: 0x1f4,
    onid: 0x13e,
    polarisation: 'V',
    band: 'low',
    symbolRate: 6_111_000,
  },
} as const satisfies Record<string, Transponder>

type Line = readonly [
  name: string,
  sid: number,
  set: keyof typeof codecSets,
  genre: Genre,
  more?: Partial<Parameters<typeof buildService>[0]>,
]

const LINES: Readonly<Record<keyof typeof demoTransponders, readonly Line[]>> = {
  first: [
    ['Alpin 1 HD', 0x132f, 'hd', 'general', { teletext: true, subtitle: true }],
    ['Alpin 2 HD', 0x1330, 'hd', 'sport', { teletext: true }],
    ['Alpin Info', 0x1331, 'aac', 'news'],
    ['Radio Donau', 0x1350, 'radio', 'radio'],
  ],
  second: [
    ['Nordlicht HD', 0x2b66, 'openGop', 'general', { teletext: true }],
    ['Küstenblick HD', 0x2b67, 'openGop', 'documentary'],
    ['Kinderinsel', 0x2b70, 'aac', 'children'],
    ['Klassik Welle', 0x2b90, 'radio', 'radio'],
  ],
  third: [
    ['Kino Plus HD', 0x11, 'openGop', 'film', { encrypted: true, relayed: true, provider: 'Plus TV' }],
    ['Sport Plus HD', 0x12, 'hd', 'sport', { provider: 'Plus TV' }],
    ['Natur UHD', 0x20, 'uhd', 'documentary', { provider: 'Plus TV' }],
  ],
  fourth: [
    ['Retro Kanal', 0x301, 'sd', 'film', { picon: 'name' }],
    ['Musik Eins', 0x302, 'sd', 'music'],
    ['Stadt & Land TV', 0x303, 'aac', 'general', { picon: 'none' }],
  ],
}

/** Which clips a model shows: `full` looks like television, `tiny` is made in a moment. */
export type ClipSize = 'full' | 'tiny'

/** The services of the demo line-up, by name. */
function demoServices(size: ClipSize): readonly Service[] {
  let count = 0
  return Object.entries(LINES).flatMap(([key, lines]) => {
    const transponder = Object.entries(demoTransponders).find(([name]) => name === key)?.[1]
    if (!transponder) throw new RangeError(`No transponder "${key}"`)
    return lines.map(([name, sid, set, genre, more]) => {
      const tone = 300 + 50 * (count % 12)
      const hue = (count++ * 47) % 360
      const recipe = size === 'tiny' ? testClips[set] : codecSets[set](name, tone, hue)
      return buildService({ name, sid, transponder, recipe, genre, ...more })
    })
  })
}

/**
 * A pleasant household: 12 TV and 2 radio services on 4 transponders, 3 bouquets, 2 tuners.
 *
 * "Kino Plus HD" is encrypted and comes through the relay; "Alpin 1 HD" is in two bouquets.
 */
export function demoModel(options: { readonly clips?: ClipSize; readonly frontends?: number } = {}): ReceiverModel {
  const services = demoServices(options.clips ?? 'full')
  const tv = services.filter((service) => service.recipe.video)
  const radio = services.filter((service) => !service.recipe.video)
  const named = (...names: string[]): Service[] =>
    names.flatMap((name) => services.filter((service) => service.name === name))
  const first = tv[0]
  return {
    boxName: 'Duo 4K SE',
    brand: 'Vuplus',
    image: 'openatv',
    frontends: options.frontends ?? 2,
    quadrants: null,
    services,
    bouquets: [
      {
        kind: 'tv',
        ref: bouquetRef('tv', 'favourites'),
        name: 'Favoriten (TV)',
        hidden: false,
        entries: tv.map((service) => entry(service)),
      },
      {
        kind: 'tv',
        ref: bouquetRef('tv', 'sport_film'),
        name: 'Sport & Film',
        hidden: false,
        entries: [
          marker(1, 'Sport'),
          ...named('Alpin 2 HD', 'Sport Plus HD').map((service) => entry(service)),
          marker(2, 'Film'),
          ...named('Kino Plus HD', 'Retro Kanal', 'Alpin 1 HD').map((service) => entry(service)),
        ],
      },
      {
        kind: 'radio',
        ref: bouquetRef('radio', 'favourites'),
        name: 'Favoriten (Radio)',
        hidden: false,
        entries: radio.map((service) => entry(service)),
      },
    ],
    recordings: first
      ? [
          {
            file: '/media/hdd/movie/20260101 2015 - Alpin 1 HD - Neujahrskonzert.ts',
            service: first,
            title: 'Neujahrskonzert',
            description: 'Walzer und Polkas',
            beginMs: Date.UTC(2026, 0, 1, 19, 15),
            seconds: 5585,
          },
        ]
      : [],
    relayWhitelist: [],
    relay: true,
    timeZone: 'Europe/Vienna',
  }
}
