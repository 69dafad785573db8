import { cleanDvbLine, cleanDvbText } from '../dvb-text.ts'
import { categoriesOf } from '../dvb-genre.ts'
import { episodeOf } from '../episode-text.ts'
import { splitTexts } from '../event-texts.ts'
import type { ProgrammeDetails } from '../details.ts'
import type { Programme } from '../programme.ts'
import { decodeDvbPart, decodeDvbText } from './dvb-charset.ts'

/** One section of the event information table. */
export type EitSection = {
  readonly tableId: number
  /** The service that the events are of: `ONID:TSID:SID`, upper-case hexadecimal. */
  readonly service: string
  readonly serviceId: number
  readonly transportStreamId: number
  readonly originalNetworkId: number
  /** Whether the service is on the transponder that the section came from. */
  readonly isActual: boolean
  /** Whether these are the present and the following event, else a part of the schedule. */
  readonly isPresentFollowing: boolean
  readonly version: number
  readonly number: number
  readonly programmes: readonly Programme[]
}

// ETSI EN 300 468, table 2.
const FIRST_TABLE = 0x4e
const LAST_TABLE = 0x6f
const OTHER_PRESENT_FOLLOWING = 0x4f
const FIRST_OTHER_SCHEDULE = 0x60
const FIRST_SCHEDULE = 0x50

const HEADER_BYTES = 14
const CRC_BYTES = 4
const EVENT_BYTES = 12

/**
 * Reads a section of PID 0x12, its CRC checked before; null if it is no current event information section.
 *
 * Events without a start, a length or a title are left out; times are UTC as they are sent. What is damaged ends the
 * list. Source: ETSI EN 300 468, 5.2.4 and annex C.
 */
export function parseEit(section: Uint8Array): EitSection | null {
  const tableId = section[0] ?? 0
  if (tableId < FIRST_TABLE || tableId > LAST_TABLE || section.length < HEADER_BYTES + CRC_BYTES) return null
  if (((section[5] ?? 0) & 0x01) === 0) return null // of a time to come
  const serviceId = word(section, 3)
  const transportStreamId = word(section, 8)
  const originalNetworkId = word(section, 10)
  return {
    tableId,
    service: serviceOf(section),
    serviceId,
    transportStreamId,
    originalNetworkId,
    isActual: tableId !== OTHER_PRESENT_FOLLOWING && tableId < FIRST_OTHER_SCHEDULE,
    isPresentFollowing: tableId < FIRST_SCHEDULE,
    version: ((section[5] ?? 0) >> 1) & 0x1f,
    number: section[6] ?? 0,
    programmes: readEvents(section.subarray(HEADER_BYTES, section.length - CRC_BYTES)),
  }
}

/** The service that a section is of, `ONID:TSID:SID`, without reading the rest of it. */
export const serviceOf = (section: Uint8Array): string =>
  [word(section, 10), word(section, 8), word(section, 3)].map(hex).join(':')

const hex = (value: number): string => value.toString(16).toUpperCase()
const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

function readEvents(loop: Uint8Array): readonly Programme[] {
  const programmes: Programme[] = []
  for (let at = 0; at + EVENT_BYTES <= loop.length;) {
    const length = word(loop, at + 10) & 0x0fff
    const end = at + EVENT_BYTES + length
    if (end > loop.length) break
    const start = timeAt(loop, at + 2)
    const durationMs = durationAt(loop, at + 7)
    if (start !== null && durationMs !== null && durationMs > 0) {
      const programme = readEvent(start, start + durationMs, loop.subarray(at + EVENT_BYTES, end))
      if (programme !== null) programmes.push(programme)
    }
    at = end
  }
  return programmes
}

// Descriptors of EN 300 468, 6.2.
const SHORT_EVENT = 0x4d
const EXTENDED_EVENT = 0x4e
const CONTENT = 0x54
const PARENTAL_RATING = 0x55

function readEvent(start: number, stop: number, loop: Uint8Array): Programme | null {
  let [title, short, long] = ['', '', '']
  let genre = 0
  let rating: ProgrammeDetails['rating']
  for (let at = 0; at + 2 <= loop.length; at += 2 + (loop[at + 1] ?? 0)) {
    const body = loop.subarray(at + 2, at + 2 + (loop[at + 1] ?? 0))
    switch (loop[at]) {
      case SHORT_EVENT: {
        const name = counted(body, 3)
        title ||= cleanDvbLine(decodeDvbText(name))
        short ||= decodeDvbText(counted(body, 4 + name.length))
        break
      }
      case EXTENDED_EVENT:
        // Behind numbers, language and a list of names and roles. A long text goes on in the next descriptor.
        long += decodeDvbPart(counted(body, 5 + (body[4] ?? 0)))
        break
      case CONTENT:
        genre ||= body[0] ?? 0
        break
      case PARENTAL_RATING:
        rating ??= ageOf(body[3] ?? 0)
        break
      default:
    }
  }
  if (title === '') return null
  const texts = splitTexts(title, short, cleanDvbText(long))
  const numbers = episodeOf([texts.title, texts.subtitle ?? '', texts.description ?? ''])
  const programme: Programme = {
    start,
    stop,
    ...texts,
    ...numbers,
    categories: categoriesOf(genre, numbers.episode !== null),
    repeat: false,
  }
  return rating === undefined ? programme : { ...programme, details: { rating } }
}

/** Bytes behind a byte that counts them. */
const counted = (bytes: Uint8Array, at: number): Uint8Array => bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0))

/** EN 300 468, table 82: the least age less 3; 0 and from 0x10 on the broadcaster's own. */
const ageOf = (value: number): ProgrammeDetails['rating'] =>
  value >= 0x01 && value <= 0x0f ? { system: 'DVB', value: String(value + 3) } : undefined

const DAY_MS = 24 * 3_600_000
/** Modified Julian date of 1970-01-01. */
const MJD_1970 = 40_587

/** Date and clock of five bytes (annex C); null: none is told, or it is none. */
function timeAt(bytes: Uint8Array, at: number): number | null {
  const date = word(bytes, at)
  const clock = durationAt(bytes, at + 2)
  return date === 0xffff || clock === null || clock >= DAY_MS ? null : (date - MJD_1970) * DAY_MS + clock
}

/** Hours, minutes and seconds of three bytes, six digits of four bits. */
function durationAt(bytes: Uint8Array, at: number): number | null {
  const [hours, minutes, seconds] = [digitsAt(bytes, at), digitsAt(bytes, at + 1), digitsAt(bytes, at + 2)]
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000
  return Number.isNaN(ms) || minutes > 59 || seconds > 59 ? null : ms
}

function digitsAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0xff
  return byte >> 4 > 9 || (byte & 0x0f) > 9 ? Number.NaN : (byte >> 4) * 10 + (byte & 0x0f)
}
