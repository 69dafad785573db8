// What a strict player thinks of initialization sections, segments and parts in fragmented MP4 (`hls-ffmpeg.md` §8; ISO/IEC
// 14496-12 and -15; Apple's authoring rules). Shares no code with what it judges.

/** A box: type, content, and where it begins. */
type Box = { readonly type: string; readonly from: number; readonly body: Uint8Array }

/** A track as the initialization section has it. */
export type ReadTrack = {
  readonly id: number
  readonly kind: 'vide' | 'soun' | 'other'
  readonly timescale: number
  /** The sample entry: `avc1`, `hvc1`, `mp4a`, `ac-3` … */
  readonly entry: string
  readonly language: string
}

/** What of one track is in a fragment. Times are ticks of its track. */
export type ReadRun = {
  readonly trackId: number
  readonly start: number
  readonly end: number
  readonly durations: readonly number[]
  readonly syncs: readonly boolean[]
  readonly samples: readonly Uint8Array[]
  readonly compositionOffsets: readonly number[]
}

/** A fragment: `moof` and `mdat`. */
export type ReadFragment = { readonly sequence: number; readonly runs: readonly ReadRun[] }

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The boxes of a file or of a box that holds others. */
export function boxes(bytes: Uint8Array, say: (fault: string) => void = () => {}): Box[] {
  const found: Box[] = []
  for (let at = 0; at < bytes.length;) {
    const size = at + 8 <= bytes.length ? view(bytes).getUint32(at) : 0
    if (size < 8 || at + size > bytes.length) {
      say(`a box of ${size} bytes at ${at} of ${bytes.length}`)
      break
    }
    found.push({ type: text(bytes, at + 4), from: at, body: bytes.subarray(at + 8, at + size) })
    at += size
  }
  return found
}

const inside = (bytes: Uint8Array, ...path: readonly string[]): Box | undefined => {
  const [type, ...rest] = path
  const box = boxes(bytes).find((child) => child.type === type)
  return box === undefined || rest.length === 0 ? box : inside(box.body, ...rest)
}

/** Bytes of a sample entry of pictures or sound before the boxes in it. */
const ENTRY_HEAD: Readonly<Record<string, number>> = { vide: 78, soun: 28 }

/** Reads an initialization section. */
export function readInit(bytes: Uint8Array): {
  readonly faults: readonly string[]
  readonly tracks: readonly ReadTrack[]
} {
  const faults: string[] = []
  const say = (fault: string): void => void faults.push(`init: ${fault}`)
  const types = boxes(bytes, say).map(({ type }) => type)
  if (types.join() !== 'ftyp,moov') say(`boxes ${types.join()}`)
  const moov = inside(bytes, 'moov')?.body ?? new Uint8Array()
  const extended = boxes(inside(moov, 'mvex')?.body ?? new Uint8Array()).map(({ body }) => view(body).getUint32(4))
  const tracks = boxes(moov, say)
    .filter(({ type }) => type === 'trak')
    .map(({ body }): ReadTrack => {
      if (inside(body, 'edts')) say('an edit list')
      const id = view(inside(body, 'tkhd')?.body ?? new Uint8Array(16)).getUint32(12)
      const handler = text(inside(body, 'mdia', 'hdlr')?.body ?? new Uint8Array(12), 8)
      const header = view(inside(body, 'mdia', 'mdhd')?.body ?? new Uint8Array(24))
      const packed = header.getUint16(20)
      const table = inside(body, 'mdia', 'minf', 'stbl')?.body ?? new Uint8Array()
      for (const [name, at] of [
        ['stts', 4],
        ['stsc', 4],
        ['stsz', 8],
        ['stco', 4],
      ] as const)
        if (view(inside(table, name)?.body ?? new Uint8Array(12).fill(1)).getUint32(at) !== 0) say(`samples in ${name}`)
      const [entry] = boxes((inside(table, 'stsd')?.body ?? new Uint8Array(8)).subarray(8), say)
      if (entry === undefined) say(`track ${id} has no sample entry`)
      else judgeEntry(entry, handler, say)
      return {
        id,
        kind: handler === 'vide' || handler === 'soun' ? handler : 'other',
        timescale: header.getUint32(12),
        entry: entry?.type ?? '',
        language: String.fromCharCode(...[10, 5, 0].map((shift) => 0x60 + ((packed >> shift) & 31))),
      }
    })
  if (tracks.length === 0) say('no track')
  for (const { id } of tracks) if (!extended.includes(id)) say(`track ${id} has no trex`)
  return { faults, tracks }
}

/** The configuration box of each sample entry. */
const CONFIG: Readonly<Record<string, string>> = {
  avc1: 'avcC',
  hvc1: 'hvcC',
  mp4v: 'esds',
  mp4a: 'esds',
  'ac-3': 'dac3',
  'ec-3': 'dec3',
}

function judgeEntry({ type, body }: Box, handler: string, say: (fault: string) => void): void {
  const wanted = CONFIG[type]
  if (wanted === undefined) say(`a sample entry ${type}`)
  const config = boxes(body.subarray(ENTRY_HEAD[handler] ?? 0), say).find((child) => child.type === wanted)
  if (config === undefined) say(`${type} without ${wanted ?? 'a known configuration'}`)
  if (type === 'avc1' && config && ((config.body[4] ?? 0) & 3) !== 3) say('lengths of NAL units are not four bytes')
  if (type === 'avc1' && config && ((config.body[5] ?? 0) & 31) === 0) say('no sequence parameters')
  if (type === 'hvc1' && config) {
    // All parameter sets are here, and none in the samples: that is what hvc1 says. ISO/IEC 14496-15, 8.4.1.
    let at = 23
    for (let array = 0; array < (config.body[22] ?? 0); array++) {
      if (((config.body[at] ?? 0) & 0x80) === 0) say('hvc1 with parameter sets elsewhere')
      const count = ((config.body[at + 1] ?? 0) << 8) | (config.body[at + 2] ?? 0)
      at += 3
      for (let set = 0; set < count; set++) at += 2 + (((config.body[at] ?? 0) << 8) | (config.body[at + 1] ?? 0))
    }
    if (at !== config.body.length) say('hvcC of a wrong length')
  }
}

/** Reads a segment or a part. */
export function readFragments(bytes: Uint8Array): {
  readonly faults: readonly string[]
  readonly fragments: readonly ReadFragment[]
} {
  const faults: string[] = []
  const say = (fault: string): void => void faults.push(fault)
  const all = boxes(bytes, say)
  const fragments: ReadFragment[] = []
  for (const [index, { type, from, body }] of all.entries()) {
    if (!['styp', 'sidx', 'moof', 'mdat'].includes(type)) say(`a box ${type} in media`)
    if (type !== 'moof') continue
    const data = all[index + 1]
    if (data?.type !== 'mdat') say('a moof without its mdat')
    const runs = boxes(body, say)
      .filter((child) => child.type === 'traf')
      .map((child) => readRun(child.body, bytes.subarray(from), say))
    const used = runs.flatMap(({ samples }) => samples).reduce((sum, { length }) => sum + length, 0)
    if (used !== data?.body.length) say(`${used} bytes of samples in ${data?.body.length ?? 0}`)
    fragments.push({ sequence: view(inside(body, 'mfhd')?.body ?? new Uint8Array(8)).getUint32(4), runs })
  }
  return { faults, fragments }
}

function readRun(traf: Uint8Array, file: Uint8Array, say: (fault: string) => void): ReadRun {
  const header = view(inside(traf, 'tfhd')?.body ?? new Uint8Array(8))
  const trackId = header.getUint32(4)
  // default-base-is-moof, and no base of its own.
  if ((header.getUint32(0) & 0x020001) !== 0x020000) say(`track ${trackId}: offsets do not count from moof`)
  const time = inside(traf, 'tfdt')?.body ?? new Uint8Array(12)
  if (time[0] !== 1) say(`track ${trackId}: tfdt of 32 bits wraps`)
  const start = view(time).getUint32(4) * 2 ** 32 + view(time).getUint32(8)
  const run = inside(traf, 'trun')?.body ?? new Uint8Array(12)
  const table = view(run)
  if ((table.getUint32(0) & 0xffffff) !== 0xf01) say(`track ${trackId}: trun flags ${table.getUint32(0).toString(16)}`)
  let at = table.getUint32(8)
  const durations: number[] = []
  const syncs: boolean[] = []
  const compositionOffsets: number[] = []
  const samples: Uint8Array[] = []
  for (let index = 0; index < table.getUint32(4); index++) {
    const from = 12 + index * 16
    durations.push(table.getUint32(from))
    const size = table.getUint32(from + 4)
    syncs.push((table.getUint32(from + 8) & 0x10000) === 0)
    compositionOffsets.push(table.getInt32(from + 12))
    samples.push(file.subarray(at, at + size))
    at += size
  }
  if (durations.some((duration) => duration === 0 || duration > 2 ** 31))
    say(`track ${trackId}: a sample of no duration`)
  const end = durations.reduce((sum, duration) => sum + duration, start)
  return { trackId, start, end, durations, syncs, samples, compositionOffsets }
}

/** A segment or part with what its list says about it. */
export type FetchedFragment = {
  readonly name: string
  readonly seconds: number
  readonly discontinuity: boolean
  /** The list says that a decoder may start here. */
  readonly independent: boolean
  readonly init: Uint8Array
  readonly bytes: Uint8Array
}

/** What is wrong with files in the order of their list; empty: nothing. */
export function judgeFragments(
  files: readonly FetchedFragment[],
  { hasLoss = false }: { readonly hasLoss?: boolean } = {},
): readonly string[] {
  const faults: string[] = []
  const ends = new Map<number, number>()
  let sequence = 0
  for (const { name, seconds, discontinuity, independent, init, bytes } of files) {
    const say = (fault: string): void => void faults.push(`${name}: ${fault}`)
    const { tracks, faults: initFaults } = readInit(init)
    for (const fault of initFaults) say(fault)
    const { fragments, faults: bodyFaults } = readFragments(bytes)
    for (const fault of bodyFaults) say(fault)
    if (fragments.length === 0) say('no fragment')
    if (discontinuity) ends.clear()
    const main = tracks.find(({ kind }) => kind === 'vide') ?? tracks[0]
    let length = 0
    for (const [index, fragment] of fragments.entries()) {
      if (fragment.sequence <= sequence) say(`sequence ${sequence} → ${fragment.sequence}`)
      sequence = fragment.sequence
      for (const { trackId, start, end, syncs, samples } of fragment.runs) {
        const track = tracks.find(({ id }) => id === trackId)
        if (track === undefined) {
          say(`track ${trackId} is not in its initialization section`)
          continue
        }
        const expected = ends.get(trackId)
        if (!hasLoss && expected !== undefined && start !== expected)
          say(`track ${trackId} goes on at ${start} instead of ${expected}`)
        ends.set(trackId, end)
        if (track === main) length += (end - start) / track.timescale
        const isStart = index === 0 && track.kind === 'vide'
        if (isStart && independent && !syncs.includes(true)) say('no picture with which a decoder can start')
        if (isStart && !independent && syncs.includes(true)) say('a random access point that the list does not tell')
        if (track.kind === 'vide' && track.entry !== 'mp4v') for (const sample of samples) judgeSample(sample, say)
      }
    }
    // A frame of sound more or less where there is nothing else.
    const slack = main?.kind === 'vide' ? 0.00002 : 0.033
    if (!hasLoss && Math.abs(length - seconds) > slack) say(`${seconds} s in the list, ${length} s in the file`)
  }
  return faults
}

/** A sample is NAL units behind their lengths. ISO/IEC 14496-15, 4.3.2. */
function judgeSample(sample: Uint8Array, say: (fault: string) => void): void {
  let at = 0
  while (at + 4 <= sample.length) at += 4 + view(sample).getUint32(at)
  if (sample.length === 0 || at !== sample.length) say(`a sample of ${sample.length} bytes that is no row of NAL units`)
}
