import type { Behaviour, PanelModel } from '../panel/index.ts'
import type { PortalModel } from '../portal/index.ts'

// What the providers of the demo offer. Some channels are the simulated receiver's as well, under the names that
// providers give them: they become one channel with several streams.

const FILM_BYTES = 188 * 160_000

const PANEL_CHANNELS: readonly (readonly [name: string, category: string, behaviour: Behaviour])[] = [
  ['AT| Alpin 1 FHD', '1', 'plays'],
  ['AT| Nordlicht HD', '1', 'plays'],
  ['Panorama HD', '2', 'plays'],
  ['Werkstatt TV', '2', 'slow'],
  ['Gartenkanal', '2', 'hls-only'],
  ['Sendepause', '2', 404],
]

/** A panel with a few live channels and two films. */
export const demoProviderPanel: PanelModel = {
  accounts: [
    {
      username: 'demo',
      password: 'demo-password',
      status: 'Active',
      expiresAt: null,
      maxConnections: 2,
      formats: ['m3u8', 'ts'],
    },
  ],
  liveCategories: { 1: 'Österreich', 2: 'Magazin' },
  filmCategories: { 10: 'Filme' },
  seriesCategories: {},
  channels: PANEL_CHANNELS.map(([name, category, behaviour], index) => ({
    id: 101 + index,
    name,
    category,
    guideId: `panel.${101 + index}.demo`,
    archiveDays: 2,
    radio: false,
    behaviour,
  })),
  films: [
    { id: 501, name: 'Die lange Reise', category: '10', size: FILM_BYTES, container: 'ts' },
    { id: 502, name: 'Der kurze Weg', category: '10', size: FILM_BYTES / 4, container: 'ts' },
  ],
  series: [],
}

/** A portal with live channels only. */
export const demoProviderPortal: PortalModel = {
  genres: [
    { id: 1, title: 'Info', censored: false },
    { id: 2, title: 'Sport', censored: false },
  ],
  channels: ['Alpin 2 HD', 'Rundblick HD', 'Stadion Eins', 'Stadion Zwei', 'Gipfelkamera'].map((name, index) => ({
    id: 101 + index,
    name,
    genre: name.startsWith('Stadion') ? 2 : 1,
    logo: `${101 + index}.png`,
  })),
  categories: [],
  films: [],
  series: [],
}

/** The channels of the list: their name in the address, and what viewers read. */
export const demoProviderList = [
  { path: '/live/wald.ts', what: 'wald', name: 'Waldkanal', group: 'Natur' },
  { path: '/hls/meer/index.m3u8', what: 'meer', name: 'Meerkanal', group: 'Natur' },
  { path: '/live/alpin-info.ts', what: 'alpin-info', name: 'Alpin Info', group: 'Nachrichten' },
] as const
