import type { PanelModel } from '../../fakes/panel/index.ts'

const MEGABYTE = 188 * 5000

/** A provider with channels that are kept for a week, and films and episodes that are MPEG-TS. */
export const panelProgramme: PanelModel = {
  accounts: [
    {
      username: 'viewer',
      password: 'pass+word&1 %',
      status: 'Active',
      expiresAt: null,
      maxConnections: 2,
      formats: ['m3u8', 'ts'],
    },
  ],
  liveCategories: { 1: 'News & Talk' },
  filmCategories: { 10: 'Drama' },
  seriesCategories: { 20: 'Krimi' },
  channels: ['Panorama', 'Rückblick TV'].map((name, index) => ({
    id: 101 + index,
    name,
    category: '1',
    guideId: `panel.${101 + index}.test`,
    archiveDays: 7,
    radio: false,
    behaviour: 'plays',
  })),
  films: [
    { id: 501, name: 'Die lange Reise', category: '10', size: 6 * MEGABYTE, container: 'ts' },
    { id: 502, name: 'Drei Männer & ein <Hund>', category: '10', size: 2 * MEGABYTE, container: 'ts' },
  ],
  series: [
    {
      id: 601,
      name: 'Der Fall Müller',
      category: '20',
      seasons: {
        1: [
          { id: 9001, number: 1, size: MEGABYTE },
          { id: 9002, number: 2, size: MEGABYTE },
        ],
        2: [{ id: 9003, number: 1, size: MEGABYTE }],
      },
    },
  ],
}
