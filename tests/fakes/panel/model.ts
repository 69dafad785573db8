/** What an account of the panel may do. Changes apply to the next call. */
export type PanelAccount = {
  readonly username: string
  readonly password: string
  status: 'Active' | 'Expired' | 'Banned' | 'Disabled'
  /** Epoch milliseconds; null: never. */
  expiresAt: number | null
  /** 0: no limit. */
  maxConnections: number
  formats: readonly string[]
}

/** How a live channel behaves when it is asked for. */
export type Behaviour =
  | 'plays'
  /** 200, a head and then nothing for ever. */
  | 'silent'
  /** 200 without a byte. */
  | 'empty'
  /** 200, a web page. */
  | 'page'
  /** A few seconds of "not on air", then the end. */
  | 'clip'
  /** 405 as MPEG-TS; plays as HLS. */
  | 'hls-only'
  /** A playlist of HLS where MPEG-TS was asked for. */
  | 'hls-as-ts'
  /** Starts after 300 ms, as an on-demand channel. */
  | 'slow'
  /** Refuses with this status. */
  | number

/** A live channel of the panel. */
export type PanelChannel = {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly guideId: string | null
  readonly archiveDays: number
  readonly radio: boolean
  readonly behaviour: Behaviour
}

/** A film; its bytes are `fileByte(id, n)`. */
export type PanelFilm = {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly size: number
  readonly container: string
}

/** A series; episode files are `fileByte(id, n)`. */
export type PanelSeriesModel = {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly seasons: Readonly<
    Record<number, readonly { readonly id: number; readonly number: number; readonly size: number }[]>
  >
}

/** Everything that a panel has. */
export type PanelModel = {
  readonly accounts: readonly PanelAccount[]
  readonly liveCategories: Readonly<Record<string, string>>
  readonly filmCategories: Readonly<Record<string, string>>
  readonly seriesCategories: Readonly<Record<string, string>>
  readonly channels: readonly PanelChannel[]
  readonly films: readonly PanelFilm[]
  readonly series: readonly PanelSeriesModel[]
}

/** Byte number `at` of the file with this id: tells any two places and any two files apart. */
export const fileByte = (id: number, at: number): number => ((at >> 8) ^ at ^ (id * 31)) & 0xff

const channel = (id: number, name: string, changes: Partial<PanelChannel> = {}): PanelChannel => ({
  id,
  name,
  category: '1',
  guideId: `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}.test`,
  archiveDays: 0,
  radio: false,
  behaviour: 'plays',
  ...changes,
})

/** A small provider: two dozen channels of every behaviour, some films and series, one account `viewer`. */
export function demoPanel(): PanelModel {
  const plain = Array.from({ length: 12 }, (_, index) => channel(200 + index, `Sender ${index + 1}`, { category: '3' }))
  return {
    accounts: [
      {
        username: 'viewer',
        password: 'pass+word&1 %',
        status: 'Active',
        expiresAt: Date.UTC(2031, 0, 1),
        maxConnections: 2,
        formats: ['m3u8', 'ts'],
      },
    ],
    liveCategories: { 1: 'News & Talk', 2: 'Film', 3: 'Regional', 4: 'Radio' },
    filmCategories: { 10: 'Drama', 11: 'Comedy' },
    seriesCategories: { 20: 'Crime' },
    channels: [
      channel(101, 'News One HD', { archiveDays: 7 }),
      channel(102, 'News Two'),
      channel(103, 'Kino &amp; Co', { category: '2' }),
      channel(104, 'On Demand', { category: '2', behaviour: 'slow' }),
      channel(105, 'Radio Eins', { category: '4', radio: true, guideId: null }),
      channel(110, 'Off Air', { behaviour: 404 }),
      channel(111, 'Silent', { behaviour: 'silent' }),
      channel(112, 'Empty', { behaviour: 'empty' }),
      channel(113, 'Page', { behaviour: 'page' }),
      channel(114, 'Clip', { behaviour: 'clip' }),
      channel(115, 'Only HLS', { behaviour: 'hls-only' }),
      channel(116, 'HLS in Disguise', { behaviour: 'hls-as-ts' }),
      channel(117, 'Not in Package', { behaviour: 406 }),
      channel(118, 'Filtered', { behaviour: 456 }),
      channel(119, 'Overload', { behaviour: 503 }),
      ...plain,
    ],
    films: [
      { id: 501, name: 'The Long Film', category: '10', size: 6_000_000, container: 'mkv' },
      { id: 502, name: 'A Short Film', category: '11', size: 300_000, container: 'mp4' },
      { id: 503, name: 'Drei Männer', category: '11', size: 10, container: 'avi' },
    ],
    series: [
      {
        id: 601,
        name: 'The Case',
        category: '20',
        seasons: {
          1: [
            { id: 9001, number: 1, size: 400_000 },
            { id: 9002, number: 2, size: 500_000 },
          ],
          2: [{ id: 9003, number: 1, size: 600_000 }],
        },
      },
      { id: 602, name: 'Empty Series', category: '20', seasons: {} },
    ],
  }
}
