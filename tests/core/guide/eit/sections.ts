import { crc32 } from '../../../../core/live/psi.ts'

/** An event as a broadcaster would send it. Texts are bytes, so that any character table can be tried. */
export type SentEvent = {
  readonly start: number
  readonly minutes: number
  readonly title?: Uint8Array | string
  readonly short?: Uint8Array | string
  readonly long?: readonly (Uint8Array | string)[]
  readonly genre?: number
  readonly rating?: number
}

/** What an EIT section says of itself. */
export type SentSection = {
  readonly tableId?: number
  readonly service?: number
  readonly transport?: number
  readonly network?: number
  readonly version?: number
  readonly number?: number
  readonly isNext?: boolean
  readonly events: readonly SentEvent[]
}

const bytesOf = (text: Uint8Array | string): number[] =>
  typeof text === 'string' ? [0x15, ...new TextEncoder().encode(text)] : [...text]
const word = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff]
const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10)
const counted = (bytes: readonly number[]): number[] => [bytes.length, ...bytes]
const descriptor = (tag: number, body: readonly number[]): number[] => [tag, ...counted(body)]
const LANGUAGE = [0x64, 0x65, 0x75]

function sendEvent(event: SentEvent, id: number): number[] {
  const date = new Date(event.start)
  const mjd = Math.floor(event.start / 86_400_000) + 40_587
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(bcd)
  const duration = [Math.floor(event.minutes / 60), event.minutes % 60, 0].map(bcd)
  const long = event.long ?? []
  const loop = [
    ...(event.title === undefined
      ? []
      : descriptor(0x4d, [...LANGUAGE, ...counted(bytesOf(event.title)), ...counted(bytesOf(event.short ?? ''))])),
    ...long.flatMap((part, index) =>
      descriptor(0x4e, [(index << 4) | (long.length - 1), ...LANGUAGE, 0, ...counted(bytesOf(part))]),
    ),
    ...(event.genre === undefined ? [] : descriptor(0x54, [event.genre, 0])),
    ...(event.rating === undefined ? [] : descriptor(0x55, [...LANGUAGE, event.rating])),
  ]
  return [...word(id), ...word(mjd), ...clock, ...duration, ...word(loop.length), ...loop]
}

/** A whole section with its CRC. */
export function sendEit(section: SentSection): Uint8Array {
  const events = section.events.flatMap(sendEvent)
  const body = [
    ...word(section.service ?? 0x445d),
    0xc0 | ((section.version ?? 0) << 1) | (section.isNext === true ? 0 : 1),
    section.number ?? 0,
    0xff,
    ...word(section.transport ?? 0x453),
    ...word(section.network ?? 1),
    0xff,
    0x4e,
    ...events,
  ]
  const bytes = new Uint8Array(3 + body.length + 4)
  bytes.set([section.tableId ?? 0x4e, ...word(0xf000 | (body.length + 4)), ...body])
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes, 0, bytes.length - 4))
  return bytes
}
