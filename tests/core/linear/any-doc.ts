import fc from 'fast-check'
import type { Catalogue, CatalogueItem } from '../../../core/linear/catalogue.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { ChannelDoc } from '../../../core/linear/document.ts'

/** A catalogue entry; what is not said is nothing. */
export const medium = (ms: number, more: Partial<CatalogueItem> = {}): CatalogueItem => ({
  ms,
  breaksMs: [],
  kind: 'film',
  title: 'A film',
  series: null,
  season: null,
  episode: null,
  year: null,
  plot: null,
  genres: [],
  rating: null,
  airedOn: null,
  ...more,
})

const MINUTE = 60_000

/** Episodes of two series, films, a film of thirty hours, and adverts. */
export const CATALOGUE: Catalogue = {
  revision: 'test',
  media: Object.fromEntries([
    ...Array.from({ length: 9 }, (_, index): [string, CatalogueItem] => [
      `e${index}`,
      medium(21 * MINUTE + index * 37_219, {
        kind: 'episode',
        title: `Part ${index + 1}`,
        series: index % 3 === 0 ? 'Blue' : 'Red',
        season: 1,
        episode: index + 1,
        breaksMs: [5, 11, 16].map((at) => at * MINUTE),
      }),
    ]),
    ...Array.from({ length: 6 }, (_, index): [string, CatalogueItem] => [
      `f${index}`,
      medium((71 + index * 19) * MINUTE + 123, { title: `Film ${index + 1}`, year: 1960 + index }),
    ]),
    ['long', medium(30 * 60 * MINUTE, { title: 'The long one' })],
    ...Array.from({ length: 8 }, (_, index): [string, CatalogueItem] => [
      `a${index}`,
      medium(15_000 + index * 7_777, { kind: 'filler', title: `Advert ${index}` }),
    ]),
  ]),
}

const IDS = Object.keys(CATALOGUE.media)

/** Zones whose clocks change by an hour, by half an hour, at another time of year, around Ramadan, or never. */
export const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Kathmandu',
  'UTC',
] as const

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '59'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)

const pools = fc
  .tuple(
    fc.subarray(IDS, { minLength: 1 }),
    fc.subarray(IDS),
    fc.constantFrom('sequence', 'shuffle', 'random', 'rotate'),
    fc.constantFrom('sequence', 'shuffle', 'random', 'rotate'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([one, two, modeOne, modeTwo, isGrouped, isRepeating]) => [
    { id: 'one', items: one, mode: modeOne, groupBy: isGrouped ? 'series' : null },
    { id: 'two', items: [...two, 'gone'], mode: modeTwo, onWrap: isRepeating ? 'repeat' : 'reshuffle' },
    { id: 'adverts', items: IDS.filter((id) => id.startsWith('a')) },
  ])

const slot = fc.record(
  {
    at: clock,
    days: fc.constantFrom(null, ['sat', 'sun'], ['mon', 'tue', 'wed', 'thu', 'fri'], ['wed']),
    show: fc.constantFrom<unknown>({ pool: 'one' }, { pool: 'two' }, { channel: 'c7' }, 'off', { pool: 'one' }),
    count: fc.constantFrom<unknown>('fill', 1, 2),
    padToMinutes: fc.constantFrom(0, 5, 30, 60),
    lateMinutes: fc.constantFrom(0, 5, 60),
    marathon: fc.boolean(),
    bleed: fc.boolean(),
    filler: fc.constantFrom(null, ['adverts'], []),
    breaks: fc.constantFrom(null, { max: 3, minGapMinutes: 4 }, { max: 2, seconds: 90, computed: true }),
    bumpers: fc.constantFrom(null, { before: 'adverts' }, { after: 'adverts', intoBreak: 'adverts' }),
  },
  { noNullPrototype: true },
)

/** The day on which all generated documents begin. */
export const ANCHOR = '2026-03-20'
/** An instant on that day, at midnight of UTC. */
export const ANCHOR_MS = Date.UTC(2026, 2, 20)

/** Documents of all kinds over `CATALOGUE`, in zones of all kinds. */
export const anyDoc: fc.Arbitrary<ChannelDoc> = fc
  .record(
    {
      zone: fc.constantFrom(...ZONES),
      dayStart: fc.constantFrom('06:00', '00:00', '02:30'),
      seed: fc.nat(),
      pools,
      slots: fc.array(slot, { maxLength: 6 }),
      filler: fc.constantFrom([], ['adverts']),
    },
    { noNullPrototype: true },
  )
  .map((doc) => readChannelDoc({ id: 'any', name: 'Any', anchorDay: ANCHOR, ...doc }))
