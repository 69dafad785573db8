import type { GuideEvent } from './guide.ts'
import type { Service } from './model.ts'
import { longSection } from './ts-writer.ts'

/** DVB service information: PAT, PMT, EIT, TDT. Source: ISO/IEC 13818-1 and ETSI EN 300 468. */

export const PAT_PID = 0x0000
/** PID of the event information table. ETSI EN 300 468, table 1. */
export const EIT_PID = 0x0012
/** PID of the time and date table. ETSI EN 300 468, table 1. */
export const TDT_PID = 0x0014

type Section = Uint8Array<ArrayBuffer>

const NETWORK_LINE = [0, 0, 0xe0, 0x10] // programme 0 is the NIT on PID 0x10

/** The PAT as broadcast: every programme of the transponder. */
export function patSection(tsid: number, services: readonly Service[]): Section {
  const programmes = services.flatMap(({ sid, pids }) => [...number16(sid), ...pid13(pids.pmt)])
  return longSection({ id: 0x00, extension: tsid, version: 5, body: [...NETWORK_LINE, ...programmes] })
}

/** One line of a PMT. */
export type PmtStream = { readonly streamType: number; readonly pid: number; readonly descriptors: readonly number[] }

/** The lines of a service's PMT. */
export function pmtStreams(service: Service): readonly PmtStream[] {
  const { pids, recipe } = service
  const streams: PmtStream[] = []
  if (recipe.video && pids.video !== null) {
    const streamType = { h264: 0x1b, 'h264-open-gop': 0x1b, mpeg2: 0x02, hevc: 0x24 }[recipe.video.codec]
    streams.push({ streamType, pid: pids.video, descriptors: [0x52, 1, 1] })
  }
  for (const [index, track] of recipe.audio.entries()) {
    const pid = pids.audio[index]
    if (pid === undefined) continue
    const language = [0x0a, 4, ...ascii(track.language), 0]
    const streamType = { mp2: 0x03, ac3: 0x06, aac: 0x0f }[track.codec]
    streams.push({ streamType, pid, descriptors: track.codec === 'ac3' ? [...language, 0x6a, 1, 0] : language })
  }
  if (pids.teletext !== null)
    streams.push({ streamType: 6, pid: pids.teletext, descriptors: [0x56, 5, ...ascii('deu'), 0x09, 0] })
  if (pids.subtitle !== null) {
    streams.push({ streamType: 6, pid: pids.subtitle, descriptors: [0x59, 8, ...ascii('deu'), 0x10, 0, 1, 0, 1] })
  }
  return streams
}

/** The PMT of a service, with a CA descriptor when it is encrypted. */
export function pmtSection(service: Service, version: number, pcrPid: number, streams: readonly PmtStream[]): Section {
  const program = service.encrypted ? [0x09, 4, 0x18, 0x30, 0xe0 | 0x1f, 0xf0] : []
  const lines = streams.flatMap(({ streamType, pid, descriptors }) => {
    return [streamType, ...pid13(pid), 0xf0, descriptors.length, ...descriptors]
  })
  const body = [...pid13(pcrPid), 0xf0, program.length, ...program, ...lines]
  return longSection({ id: 0x02, extension: service.sid, version, body })
}

/** EIT present (0) or following (1) of a service; null events give an empty section, as on air. */
export function eitSection(service: Service, which: 0 | 1, event: GuideEvent | null, version: number): Section {
  const { tsid, onid } = service.transponder
  const body = [...number16(tsid), ...number16(onid), 1, 0x4e]
  if (event) {
    const descriptors = [...shortEvent(event), ...extendedEvents(event), 0x54, 2, event.genreId, 0]
    const running = which === 0 ? 4 : 1
    body.push(...number16(event.id), ...dvbTime(event.beginSeconds), ...bcdDuration(event.durationSeconds))
    body.push((running << 5) | (descriptors.length >> 8), descriptors.length & 0xff, ...descriptors)
  }
  return longSection({ id: 0x4e, extension: service.sid, version, number: which, last: 1, body })
}

/** The present time; has no CRC. */
export function tdtSection(seconds: number): Section {
  return Uint8Array.from([0x70, 0x70, 5, ...dvbTime(seconds)])
}

function shortEvent(event: GuideEvent): number[] {
  const title = dvbText(event.title, 100)
  const text = dvbText(event.short, 120)
  return [0x4d, title.length + text.length + 5, ...ascii('deu'), title.length, ...title, text.length, ...text]
}

function extendedEvents(event: GuideEvent): number[] {
  const pieces: number[][] = []
  const rest = Array.from(event.long)
  while (rest.length > 0 && pieces.length < 4) pieces.push(dvbText(rest.splice(0, 100).join(''), 240))
  return pieces.flatMap((text, index) => {
    const numbers = (index << 4) | (pieces.length - 1)
    return [0x4e, text.length + 6, numbers, ...ascii('deu'), 0, text.length, ...text]
  })
}

/** ISO 8859-1 with its table selector where the text fits it, else UTF-8 with its own. Source: EN 300 468, annex A. */
function dvbText(text: string, limit: number): number[] {
  if (text === '') return []
  const codes = Array.from(text, (letter) => letter.codePointAt(0) ?? 0x20)
  if (codes.every((code) => code <= 0xff)) return [0x10, 0, 1, ...codes.slice(0, limit)]
  return [
    0x15,
    ...new TextEncoder().encode(
      Array.from(text)
        .slice(0, limit / 4)
        .join(''),
    ),
  ]
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}

function number16(value: number): readonly number[] {
  return [value >> 8, value & 0xff]
}

/** A PID behind three reserved bits. */
function pid13(pid: number): readonly number[] {
  return [0xe0 | (pid >> 8), pid & 0xff]
}

function dvbTime(seconds: number): number[] {
  const modifiedJulianDay = Math.floor(seconds / 86_400) + 40_587
  return [...number16(modifiedJulianDay), ...bcdDuration(((seconds % 86_400) + 86_400) % 86_400)]
}

function bcdDuration(seconds: number): number[] {
  const whole = Math.floor(seconds)
  return [bcd(Math.min(99, Math.floor(whole / 3600))), bcd(Math.floor(whole / 60) % 60), bcd(whole % 60)]
}

function bcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10)
}
