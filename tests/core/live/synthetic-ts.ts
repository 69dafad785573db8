/**
 * Transport streams made of nothing but rules, for laws that have to hold for any stream. Nothing here can be decoded:
 * pictures have the NAL units that tell their kind, and no content.
 *
 * Shares no code with the engine that is tested with it. Times are 90 kHz ticks modulo 2³³.
 */

const MODULUS = 2 ** 33
/** One picture of 25 a second. */
export const FRAME = 3600
const SOUND_FRAME = 2880
/** A picture is decoded 300 ms after its clock, and sound is heard as long after it. */
const DELAY = 27_000

/** What a synthetic programme is like; everything has a default. */
export type Synthetic = {
  /** The clock at the first picture. */
  readonly clock?: number
  readonly gops?: number
  /** Pictures in a GOP, a multiple of 3. */
  readonly gopLength?: number
  /** GOPs begin with I and recovery point, and leading B pictures follow. */
  readonly isOpen?: boolean
  /** No picture at all. */
  readonly isRadio?: boolean
  /** PIDs of German teletext and subtitles; a page and a line come twice a second. */
  readonly texts?: { readonly teletext: number; readonly subtitle: number } | null
  readonly serviceId?: number
  readonly pids?: { readonly pmt: number; readonly video: number; readonly audio: number }
  readonly pmtVersion?: number
  /** Counter of the first packet of every PID. */
  readonly counter?: number
  /** As a broadcaster sends it: a PAT with other services, CA descriptors, null packets and another programme's packets. */
  readonly isBroadcast?: boolean
}

/** Service id of a synthetic programme that names none. */
export const SYNTHETIC_SERVICE = 0x132f

/** Makes the packets of a programme in sending order. */
export function synthesize(options: Synthetic = {}): Uint8Array {
  const {
    clock = 900_000,
    gops = 4,
    gopLength = 12,
    isOpen = false,
    isRadio = false,
    texts = null,
    serviceId = SYNTHETIC_SERVICE,
    pids = { pmt: 0x64, video: 0x1ff, audio: 0x200 },
    pmtVersion = 3,
    counter = 0,
    isBroadcast = true,
  } = options
  const mux = new Mux(counter)
  const tables = (): void => {
    mux.section(0, pat(serviceId, pids.pmt, isBroadcast))
    mux.section(pids.pmt, pmt({ serviceId, pids, version: pmtVersion, isRadio, isBroadcast, texts }))
  }
  let soundAt = 0
  for (let picture = 0; picture < gops * gopLength; picture++) {
    const now = picture * FRAME
    const pcr = (clock + now) % MODULUS
    if (picture % 2 === 0) tables()
    if (isBroadcast) {
      mux.nothing()
      mux.foreign(0x300 + (picture % 3))
    }
    if (!isRadio) {
      const place = picture % gopLength
      const isAnchor = place % 3 === 0
      // In decoding order I B B P B B: both B pictures are shown before the anchor that precedes them.
      const shown = isOpen ? picture + (isAnchor ? 3 : 0) : picture
      const kind = place === 0 ? (isOpen ? 'open' : 'idr') : isOpen && !isAnchor ? 'b' : 'p'
      const dts = pcr + DELAY
      mux.pes(pids.video, 0xe0, { pts: dts + (shown - picture) * FRAME, dts, pcr, data: accessUnit(kind, picture) })
    }
    if (texts !== null && picture % 12 === 6)
      for (const [pid, at] of [
        [texts.teletext, now],
        [texts.subtitle, now + 20 * FRAME],
      ] as const) {
        const pts = clock + at + DELAY
        mux.pes(pid, 0xbd, { pts, dts: pts, data: FILLER.subarray(0, 600) })
      }
    for (; soundAt <= now; soundAt += SOUND_FRAME) {
      const pts = clock + soundAt + DELAY
      mux.pes(pids.audio, 0xbd, { pts, dts: pts, ...(isRadio ? { pcr: pts - DELAY } : {}), data: sound(soundAt) })
    }
  }
  return mux.bytes()
}

/** The bytes one behind the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

type Unit = {
  readonly pts: number
  readonly dts: number
  readonly pcr?: number
  readonly data: Uint8Array
}

function filled(head: readonly number[], rest: number): Uint8Array {
  const packet = new Uint8Array(188).fill(rest)
  packet.set(head)
  return packet
}

/** Cuts units into packets and counts them. */
class Mux {
  readonly #packets: Uint8Array[] = []
  readonly #counters = new Map<number, number>()
  readonly #first: number

  constructor(first: number) {
    this.#first = first
  }

  bytes(): Uint8Array {
    return concat(...this.#packets)
  }

  nothing(): void {
    this.#packets.push(filled([0x47, 0x1f, 0xff, 0x10], 0xff))
  }

  /** A packet of a programme that nobody asked for, with a counter that jumps. */
  foreign(pid: number): void {
    this.#packets.push(filled([0x47, pid >> 8, pid & 255, 0x17], 0x55))
  }

  section(pid: number, section: readonly number[]): void {
    const payload = new Uint8Array(184).fill(0xff)
    payload.set([0, ...section])
    this.#cut(pid, payload)
  }

  pes(pid: number, streamId: number, { pts, dts, pcr, data }: Unit): void {
    const stamps = pts === dts ? [...stamp(2, pts)] : [...stamp(3, pts), ...stamp(1, dts)]
    const header = [0x80, pts === dts ? 0x80 : 0xc0, stamps.length, ...stamps]
    const length = streamId === 0xe0 ? 0 : header.length + data.length
    this.#cut(pid, concat(Uint8Array.of(0, 0, 1, streamId, length >> 8, length & 255, ...header), data), pcr)
  }

  #cut(pid: number, payload: Uint8Array, pcr?: number): void {
    for (let at = 0; at < payload.length;) {
      const isFirst = at === 0
      const clock = isFirst && pcr !== undefined ? [0x10, ...clockBytes(pcr)] : []
      const room = 184 - (clock.length > 0 ? clock.length + 1 : 0)
      const taken = Math.min(room, payload.length - at)
      const field = 184 - taken
      const count = this.#counters.get(pid) ?? this.#first
      this.#counters.set(pid, (count + 1) & 15)
      const packet = new Uint8Array(188).fill(0xff)
      packet.set([0x47, (isFirst ? 0x40 : 0) | (pid >> 8), pid & 255, (field > 0 ? 0x30 : 0x10) | count])
      if (field > 0) packet[4] = field - 1
      if (field > 1) packet.set(clock.length > 0 ? clock : [0], 5)
      packet.set(payload.subarray(at, at + taken), 4 + field)
      this.#packets.push(packet)
      at += taken
    }
  }
}

function stamp(prefix: number, time: number): number[] {
  const t = ((time % MODULUS) + MODULUS) % MODULUS
  const low = t % 2 ** 30
  return [
    (prefix << 4) | (Math.floor(t / 2 ** 30) << 1) | 1,
    (low >> 22) & 255,
    ((low >> 14) & 254) | 1,
    (low >> 7) & 255,
    ((low << 1) & 254) | 1,
  ]
}

function clockBytes(time: number): number[] {
  const t = ((time % MODULUS) + MODULUS) % MODULUS
  const high = Math.floor(t / 2)
  return [Math.floor(high / 2 ** 24), (high >> 16) & 255, (high >> 8) & 255, high & 255, ((t % 2) << 7) | 0x7e, 0]
}

function withCrc(section: readonly number[]): number[] {
  let crc = 0xffffffff
  for (const byte of section) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return [...section, (crc >>> 24) & 255, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255]
}

const table = (id: number, extension: number, version: number, body: readonly number[]): number[] => {
  const length = body.length + 9
  return withCrc([
    id,
    0xb0 | (length >> 8),
    length & 255,
    extension >> 8,
    extension & 255,
    0xc1 | (version << 1),
    0,
    0,
    ...body,
  ])
}

const row = (number: number, pid: number): number[] => [number >> 8, number & 255, 0xe0 | (pid >> 8), pid & 255]

function pat(serviceId: number, pmtPid: number, isBroadcast: boolean): number[] {
  const own = row(serviceId, pmtPid)
  return table(0, 0x3ef, 5, isBroadcast ? [...row(0, 0x10), ...row(serviceId + 1, 0x65), ...own, ...row(7, 0x66)] : own)
}

type PmtOptions = Required<Pick<Synthetic, 'serviceId' | 'pids' | 'isRadio' | 'isBroadcast' | 'texts'>> & {
  readonly version: number
}

const stream = (type: number, pid: number, loop: readonly number[]): number[] => [
  type,
  0xe0 | (pid >> 8),
  pid & 255,
  0xf0,
  loop.length,
  ...loop,
]

function pmt({ serviceId, pids, version, isRadio, isBroadcast, texts }: PmtOptions): number[] {
  const ca = isBroadcast ? [0x09, 4, 0x0d, 0x95, 0xe1, 0x01] : []
  const clockPid = isRadio ? pids.audio : pids.video
  const language = [0x0a, 4, 0x64, 0x65, 0x75, 0]
  return table(2, serviceId, version, [
    0xe0 | (clockPid >> 8),
    clockPid & 255,
    0xf0,
    ca.length,
    ...ca,
    ...(isRadio ? [] : stream(0x1b, pids.video, ca)),
    ...stream(0x06, pids.audio, [0x6a, 1, 0, ...language, ...ca]),
    // teletext_descriptor: initial page 100; subtitling_descriptor: normal, page 1 (ETSI EN 300 468, 6.2.43 and 6.2.41).
    ...(texts === null ? [] : stream(0x06, texts.teletext, [0x56, 5, 0x64, 0x65, 0x75, 0x09, 0x00])),
    ...(texts === null ? [] : stream(0x06, texts.subtitle, [0x59, 8, 0x64, 0x65, 0x75, 0x10, 0, 1, 0, 1])),
  ])
}

const START = [0, 0, 1]

const DELIMITER = [...START, 0x09, 0xf0]
const PARAMETERS = [...START, 0x67, 0x64, 0, 0x1f, 0xac, 0xd9, 0x40, ...START, 0x68, 0xeb, 0xe3, 0xcb]
const RECOVERY_POINT = [...START, 0x06, 0x06, 0x01, 0xc4, 0x80]

/** NAL units that tell the kind of a picture; the rest of it is filler without start codes. */
const HEADS = {
  // first_mb_in_slice is 0 (bit 1), then slice_type: I is 7 (0001000), P is 5 (00110), B is 6 (00111).
  idr: [...DELIMITER, ...PARAMETERS, ...START, 0x65, 0x88],
  open: [...DELIMITER, ...PARAMETERS, ...RECOVERY_POINT, ...START, 0x41, 0x88],
  p: [...DELIMITER, ...START, 0x41, 0x98],
  b: [...DELIMITER, ...START, 0x01, 0x9c],
} as const

const FILLER = Uint8Array.from({ length: 2000 }, (_, index) => 0x20 + ((index * 7) % 200))

const unit = (head: readonly number[], length: number, seed: number): Uint8Array =>
  concat(Uint8Array.from(head), FILLER.subarray(seed % 200, (seed % 200) + length))

const accessUnit = (kind: keyof typeof HEADS, seed: number): Uint8Array =>
  unit(HEADS[kind], kind === 'idr' || kind === 'open' ? 1200 : 300, seed)

/** A frame of AC-3: 48 kHz, 96 kbit/s, stereo, so 384 bytes. ETSI TS 102 366, 4.4. */
const sound = (seed: number): Uint8Array => unit([0x0b, 0x77, 0, 0, 0x0c, 0x40, 0x40], 377, seed)
