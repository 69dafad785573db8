import * as v from 'valibot'
import { runProgram } from '../run-program.ts'
import { factsOf } from './facts-of-streams.ts'
import type { ToldFile, ToldStream } from './facts-of-streams.ts'
import { lowest } from './frame-rate.ts'
import { PROBE_BYTES, PROBE_MS } from './media-probe.ts'
import type { MediaProbe } from './media-probe.ts'
import { refusalOf, SAFE_INPUT } from './refusal.ts'

const seconds = v.pipe(
  v.string(),
  v.transform((text) => Math.round(Number(text) * 1000)),
  v.number(),
)
const text = v.optional(v.nullable(v.string(), null), null)
const flag = v.fallback(v.optional(v.number(), 0), 0)
const whole = v.fallback(v.optional(v.number(), 0), 0)

const Tags = v.fallback(v.record(v.string(), v.string()), {})
const Stream = v.object({
  codec_type: v.fallback(v.string(), ''),
  codec_name: v.fallback(v.string(), ''),
  profile: v.fallback(text, null),
  width: whole,
  height: whole,
  pix_fmt: v.fallback(text, null),
  sample_aspect_ratio: v.fallback(text, null),
  avg_frame_rate: v.fallback(text, null),
  r_frame_rate: v.fallback(text, null),
  field_order: v.fallback(text, null),
  color_transfer: v.fallback(text, null),
  channels: whole,
  sample_rate: v.fallback(text, null),
  tags: v.optional(Tags, {}),
  disposition: v.fallback(v.optional(v.object({ default: flag, forced: flag, attached_pic: flag }), {}), {
    default: 0,
    forced: 0,
    attached_pic: 0,
  }),
  side_data_list: v.fallback(v.optional(v.array(v.object({ rotation: v.optional(v.number()) })), []), []),
})
const Answer = v.object({
  format: v.object({
    format_name: v.fallback(v.string(), ''),
    duration: v.fallback(v.union([seconds, v.null()]), null),
    start_time: v.fallback(seconds, 0),
  }),
  streams: v.fallback(v.array(Stream), []),
  chapters: v.fallback(v.array(v.object({ start_time: v.fallback(seconds, 0) })), []),
})

/** Looks into files with ffprobe: exact numbers, as JSON. `program` is its path. */
export function createFfprobe(program: string): MediaProbe {
  return {
    async probe(path, signal) {
      const args = ['-v', 'error', '-hide_banner', '-of', 'json', '-show_format', '-show_streams', '-show_chapters']
      const run = { signal, timeoutMs: PROBE_MS, mostBytes: PROBE_BYTES }
      const end = await runProgram(program, [...args, ...SAFE_INPUT, '-i', `file:${path}`], run)
      const file = end.code === 0 ? readAnswer(new TextDecoder().decode(end.stdout)) : null
      return file === null ? refusalOf(end) : factsOf(file)
    },
  }
}

/** What ffprobe says as JSON; null: that is no answer of it. */
export function readAnswer(json: string): ToldFile | null {
  let told: unknown
  try {
    told = JSON.parse(json)
  } catch {
    return null // cut off at the bound, or a wrapper of somebody that talks
  }
  const answer = v.safeParse(Answer, told)
  if (!answer.success) return null
  const { format, streams, chapters } = answer.output
  return {
    container: format.format_name,
    durationMs: format.duration,
    startMs: format.start_time,
    chapterStartsMs: chapters.map(({ start_time }) => start_time),
    streams: streams.map(toStream),
  }
}

function toStream(told: v.InferOutput<typeof Stream>): ToldStream {
  const { codec_type: type, disposition, tags } = told
  return {
    type: type === 'video' || type === 'audio' || type === 'subtitle' ? type : 'other',
    codec: told.codec_name,
    profile: told.profile === null || /^(?:unknown|-?\d+)$/.test(told.profile) ? null : told.profile,
    language: tags['language'] ?? null,
    title: tags['title'] ?? null,
    isDefault: disposition.default === 1,
    isForced: disposition.forced === 1,
    isCover: disposition.attached_pic === 1,
    width: told.width,
    height: told.height,
    pixelFormat: told.pix_fmt,
    pixelAspect: aspectOf(told.sample_aspect_ratio),
    averageRate: rateOf(told.avg_frame_rate),
    baseRate: rateOf(told.r_frame_rate),
    isInterlaced: /^(?:tt|bb|tb|bt)$/.test(told.field_order ?? ''),
    isHdr: /^(?:smpte2084|arib-std-b67)$/.test(told.color_transfer ?? ''),
    // The matrix of newer files counts against the clock, the tag of older ones with it.
    rotation: -(told.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? -oldRotation(tags)),
    channels: told.channels,
    sampleRate: Number(told.sample_rate ?? 0),
  }
}

const oldRotation = (tags: Readonly<Record<string, string>>): number => {
  const degrees = Number(tags['rotate'] ?? 0)
  return Number.isFinite(degrees) ? degrees : 0
}

function aspectOf(told: string | null): ToldStream['pixelAspect'] {
  const [, num, den] = /^(\d+):(\d+)$/.exec(told ?? '') ?? []
  return Number(num) > 0 && Number(den) > 0 ? lowest(Number(num), Number(den)) : null
}

function rateOf(told: string | null): number | null {
  const [, num, den] = /^(\d+)\/(\d+)$/.exec(told ?? '') ?? []
  return Number(num) > 0 && Number(den) > 0 ? Number(num) / Number(den) : null
}
