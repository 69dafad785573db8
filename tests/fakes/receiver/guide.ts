import type { Genre, Service } from './model.ts'
import { titles } from './guide-titles.ts'

/** A programme as it is broadcast. Text is raw: nothing is escaped, control characters are in place. */
export type GuideEvent = {
  readonly id: number
  readonly beginSeconds: number
  readonly durationSeconds: number
  readonly title: string
  readonly short: string
  readonly long: string
  /** Level 1 · 16 + level 2 of the DVB content descriptor. Source: ETSI EN 300 468, table 28. */
  readonly genreId: number
}

const DAY = 86_400
/** How far ahead the box knows programmes. */
export const GUIDE_DAYS = 7

/** The programmes of a service that touch [from, to), by time. Same service and time, same answer. Seconds. */
export function eventsBetween(service: Service, from: number, to: number): readonly GuideEvent[] {
  if (service.guide === 'none' || to <= from) return []
  const out: GuideEvent[] = []
  for (let day = Math.floor(from / DAY) - 1; day * DAY < to; day++) {
    for (const event of eventsOfDay(service, day)) {
      if (event.beginSeconds < to && event.beginSeconds + Math.max(1, event.durationSeconds) > from) out.push(event)
    }
  }
  return out
}

/** What runs at an instant and what comes next; null where nothing is known. */
export function nowAndNext(service: Service, atSeconds: number): readonly [GuideEvent | null, GuideEvent | null] {
  const events = eventsBetween(service, atSeconds, atSeconds + DAY)
  const now = events.find((event) => event.beginSeconds <= atSeconds) ?? null
  const next = events.find((event) => event.beginSeconds > atSeconds && event !== now) ?? null
  return [now, next]
}

function eventsOfDay(service: Service, day: number): readonly GuideEvent[] {
  const random = seeded(service.sid * 65_537 + service.transponder.tsid * 257 + day)
  const list = titles[service.genre]
  const lengths = LENGTHS[service.genre]
  const events: GuideEvent[] = []
  let at = day * DAY
  const end = at + DAY
  for (let slot = 0; at < end; slot++) {
    const minutes = lengths[Math.floor(random() * lengths.length)] ?? 30
    const durationSeconds = Math.min(minutes * 60, end - at)
    const [title, short, long] = list[Math.floor(random() * list.length)] ?? ['Programm', '', '']
    const plain: GuideEvent = {
      id: ((day % 512) * 128 + slot) & 0xffff,
      beginSeconds: at,
      durationSeconds,
      title,
      short,
      long,
      genreId: GENRE_IDS[service.genre],
    }
    events.push(...(service.guide === 'odd' ? oddities(plain, slot) : [plain]))
    at += durationSeconds
  }
  return events
}

/** Does to every event what some broadcaster once did. Keyed by the slot, so that each oddity happens every day. */
function oddities(event: GuideEvent, slot: number): readonly GuideEvent[] {
  switch (slot % 12) {
    case 1:
      return [{ ...event, durationSeconds: event.durationSeconds + 180, short: event.title }] // overlaps the next
    case 2:
      return [{ ...event, durationSeconds: Math.max(60, event.durationSeconds - 300) }] // a gap behind it
    case 3:
      return [event, { ...event, id: (event.id + 0x4000) & 0xffff }] // schedule and present/following disagree on the id
    case 4:
      return [{ ...event, durationSeconds: 0 }]
    case 5:
      return [{ ...event, title: `\u0086${event.title}\u0087`, long: `Zeile eins\u008aZeile zwei\u008a\u008aSchluss` }]
    case 6:
      return [
        {
          ...event,
          title: 'Tom & Jerry <live> "Spezial" \'26',
          short: 'Fünf &amp; sechs',
          long: '&lt;b&gt;fett&lt;/b&gt; ä&#x27;ß',
        },
      ]
    case 7:
      return [
        {
          ...event,
          title: `${event.title}\u001a`,
          short: 'Steuer\u0001zeichen\u0005 und \ue08a Umbruch',
          long: `${event.short}. ${event.long}`,
        },
      ]
    case 8:
      return [{ ...event, title: '', short: '', long: '' }]
    case 9:
      return [{ ...event, durationSeconds: 26 * 3600, title: 'Sendepause' }] // longer than a day
    case 10:
      return []
    case 11:
      return [{ ...event, title: '  Leer  zeichen  ', short: '\ufffd\ufffd', long: 'Ende'.padEnd(2000, ' lang') }]
    default:
      return [event]
  }
}

const LENGTHS: Readonly<Record<Genre, readonly number[]>> = {
  general: [15, 25, 30, 45, 45, 60, 90, 95],
  news: [5, 10, 15, 25, 30],
  film: [85, 90, 95, 105, 120, 135],
  sport: [30, 60, 90, 120],
  children: [10, 10, 15, 25],
  music: [30, 60],
  documentary: [45, 45, 50, 60, 90],
  radio: [5, 55, 60, 120],
}

const GENRE_IDS: Readonly<Record<Genre, number>> = {
  general: 0x30,
  news: 0x20,
  film: 0x10,
  sport: 0x40,
  children: 0x50,
  music: 0x60,
  documentary: 0x23,
  radio: 0x60,
}

/** Random numbers in [0, 1) that are the same on every machine (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}
