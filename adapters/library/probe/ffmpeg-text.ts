import { runProgram } from '../run-program.ts'
import { factsOf } from './facts-of-streams.ts'
import type { ToldFile, ToldStream } from './facts-of-streams.ts'
import { lowest } from './frame-rate.ts'
import { PROBE_BYTES, PROBE_MS } from './media-probe.ts'
import type { MediaProbe } from './media-probe.ts'
import { refusalOf, SAFE_INPUT } from './refusal.ts'

/**
 * Looks into files with FFmpeg alone, where no ffprobe came with it (`ffmpeg-static` has none): what it prints about an
 * input is read. Durations come in hundredths of a second, rates with two digits.
 */
export function createFfmpegProbe(program: string): MediaProbe {
  return {
    async probe(path, signal) {
      const run = { signal, timeoutMs: PROBE_MS, mostBytes: PROBE_BYTES }
      const end = await runProgram(program, ['-nostdin', '-hide_banner', ...SAFE_INPUT, '-i', `file:${path}`], run)
      // It always ends with an error: nothing was to be written. Whether it could read is said by what it printed.
      const file = readDescription(end.stderr)
      return file === null ? refusalOf(end) : factsOf(file)
    },
  }
}

/** Lines about one stream: the stream's own, and the data behind it. */
type StreamLines = { readonly line: string; readonly below: string[] }

/**
 * What FFmpeg prints about its first input; null: it has opened none.
 *
 * Source: FFmpeg, libavformat/dump.c (`av_dump_format`) and libavcodec/avcodec.c (`avcodec_string`); seen with 4.1-dev,
 * 5.1 and 7.1.
 */
export function readDescription(text: string): ToldFile | null {
  const lines = text.split(/\r?\n/)
  const first = lines.findIndex((line) => line.startsWith('Input #0, '))
  if (first < 0) return null
  const container = /^Input #0, (.*?), from /.exec(lines[first] ?? '')?.[1] ?? ''
  const streams: StreamLines[] = []
  const chapterStartsMs: number[] = []
  let durationMs: number | null = null
  let startMs = 0
  for (const line of lines.slice(first + 1)) {
    if (!line.startsWith('  ')) break
    const [, duration, start] = /^ {2}Duration: ([\d:.]+)(?:, start: (-?[\d.]+))?/.exec(line) ?? []
    const [, chapter] = /^ {4}Chapter #0[:.]\d+: start (-?[\d.]+)/.exec(line) ?? []
    if (duration !== undefined) {
      durationMs = clockMs(duration)
      startMs = Math.round(Number(start ?? 0) * 1000)
    } else if (chapter !== undefined) chapterStartsMs.push(Math.round(Number(chapter) * 1000))
    else if (/^ {2,4}Stream #0/.test(line)) streams.push({ line, below: [] })
    else streams.at(-1)?.below.push(line)
  }
  return { container, durationMs, startMs, chapterStartsMs, streams: streams.map(toStream) }
}

function clockMs(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000)
}

const STREAM = /^ {2,4}Stream #0[:.]\d+(?:\[0x[0-9a-f]+\])?(?:\(([^)]*)\))?(?:\[0x[0-9a-f]+\])?: (\w+): (.*)$/

function toStream({ line, below }: StreamLines): ToldStream {
  const [, language, kind = '', rest = ''] = STREAM.exec(line) ?? []
  const type = kind.toLowerCase()
  const dispositions = rest.slice(rest.lastIndexOf(',') + 1)
  const parts = splitOutsideBrackets(rest)
  const [about = ''] = parts
  const [codec = ''] = about.split(' ')
  const pixels = parts[1] ?? ''
  const [, width, height] = parts.map((part) => /^(\d+)x(\d+)/.exec(part)).find((match) => match !== null) ?? []
  const [, aspectNum, aspectDen] = /\bSAR (\d+):(\d+)/.exec(rest) ?? []
  const hasAspect = Number(aspectNum) > 0 && Number(aspectDen) > 0
  const isVideo = type === 'video'
  return {
    type: type === 'video' || type === 'audio' || type === 'subtitle' ? type : 'other',
    codec,
    profile: profileOf(about),
    language: language ?? null,
    title: metadata(below, 'title'),
    isDefault: dispositions.includes('(default)'),
    isForced: dispositions.includes('(forced)'),
    isCover: rest.includes('(attached pic)'),
    width: Number(width ?? 0),
    height: Number(height ?? 0),
    pixelFormat: isVideo ? (/^[a-z]\w*/.exec(pixels)?.[0] ?? null) : null,
    pixelAspect: hasAspect ? lowest(Number(aspectNum), Number(aspectDen)) : null,
    averageRate: rateOf(parts, 'fps'),
    baseRate: rateOf(parts, 'tbr'),
    isInterlaced: /\b(?:top|bottom)(?: coded)? first\b/.test(pixels),
    isHdr: /\b(?:smpte2084|arib-std-b67)\b/.test(pixels),
    rotation: rotationOf(below),
    channels: type === 'audio' ? channelsOf(parts) : 0,
    sampleRate: Number(/(\d+) Hz/.exec(rest)?.[1] ?? 0),
  }
}

/** Commas inside brackets do not part: `yuv420p(tv, bt709, top first)`. */
function splitOutsideBrackets(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(' || text[at] === '[') depth++
    else if (text[at] === ')' || text[at] === ']') depth--
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

/** `h264 (High) (avc1 / 0x31637661)` → High; brackets with a number are the tag of the codec. */
function profileOf(about: string): string | null {
  const [, bracket] = /^\S+ \(([^()]*(?:\([^()]*\)[^()]*)*)\)/.exec(about) ?? []
  return bracket === undefined || /\/ 0x[0-9a-f]+$/i.test(bracket) ? null : bracket
}

/** `25 fps`, `23.98 fps`, `90k tbr`. */
function rateOf(parts: readonly string[], unit: 'fps' | 'tbr'): number | null {
  const pattern = new RegExp(`^([\\d.]+)(k?) ${unit}\\b`)
  const [, number, thousands] = parts.map((part) => pattern.exec(part)).find((match) => match !== null) ?? []
  return number === undefined ? null : Number(number) * (thousands === 'k' ? 1000 : 1)
}

function rotationOf(below: readonly string[]): number {
  for (const line of below) {
    const [, matrix] = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line) ?? []
    if (matrix !== undefined) return -Number(matrix)
  }
  const tag = Number(metadata(below, 'rotate') ?? 0)
  return Number.isFinite(tag) ? tag : 0
}

function metadata(below: readonly string[], name: string): string | null {
  const line = below.find((each) => each.trimStart().startsWith(`${name} `))
  return line === undefined ? null : (/^\s+\S+\s*: (.*)$/.exec(line)?.[1] ?? null)
}

/** Source: FFmpeg, libavutil/channel_layout.c. */
const LAYOUTS: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  downmix: 2,
  binaural: 2,
  quad: 4,
  hexagonal: 6,
  octagonal: 8,
  cube: 8,
  hexadecagonal: 16,
}

/** `stereo`, `5.1(side)`, `4 channels (FL+FR+…)`, `7.1.4`. */
function channelsOf(parts: readonly string[]): number {
  const at = parts.findIndex((part) => part.endsWith(' Hz'))
  const layout = (parts[at + 1] ?? '').replace(/\(.*$/, '').trim()
  const [, counted] = /^(\d+) channels/.exec(layout) ?? []
  if (counted !== undefined) return Number(counted)
  if (/^\d+\.\d+(?:\.\d+)?$/.test(layout)) return layout.split('.').reduce((sum, part) => sum + Number(part), 0)
  return LAYOUTS[layout] ?? 0
}
