import * as v from 'valibot'
import { MEDIA_KINDS } from '../../../core/library/media-item.ts'
import { PLAN_KINDS } from '../../../core/linear/plan-item.ts'
import { SCHEDULE_WARNINGS } from '../../../core/linear/warnings.ts'
import { programme } from './guide.ts'
import { JobAnswer } from './house.ts'
import { count, countOrNull, instant, instantOrNull, listOf, text, textOrNull } from './leaves.ts'
import { ProblemAnswer } from './problem.ts'

const mapping = v.record(v.string(), v.unknown())
const number = v.pipe(v.number(), v.examples([25]))

/** The document of a channel of one's own. */
export const ScheduleAnswer = v.strictObject({
  id: text('classics'),
  library: text('films'),
  managedBy: v.picklist(['file', 'house']),
  revision: textOrNull('1f2e3d4c'),
  document: mapping,
  overrides: v.array(mapping),
  channelId: textOrNull('c7'),
  problem: v.nullable(ProblemAnswer),
})

/** All of them. */
export const SchedulesAnswer = listOf(ScheduleAnswer)

const planItem = v.strictObject({
  id: text('1x2y3z'),
  start: instant,
  stop: instant,
  kind: v.picklist(PLAN_KINDS),
  media: textOrNull('m1a2b3'),
  inMs: count(0),
  channel: textOrNull('c3'),
  text: textOrNull('We are back in a moment'),
  guide: v.strictObject({
    group: text('1x2y3z'),
    isShown: v.boolean(),
    title: text('Dinner for One'),
    subtitle: textOrNull('The same procedure'),
    isRepeat: v.exactOptional(v.literal(true)),
  }),
})

const warning = v.strictObject({
  at: instantOrNull,
  code: v.picklist(SCHEDULE_WARNINGS),
  slot: textOrNull('2015'),
  other: textOrNull('2200'),
  pool: textOrNull('films'),
  ms: countOrNull(60_000),
  count: count(1),
})

/** What a document makes of a window of time. */
export const PlanAnswer = v.strictObject({
  items: v.array(planItem),
  programmes: v.array(v.strictObject(programme)),
  warnings: v.array(warning),
})

/** What its owner may not want. */
export const WarningsAnswer = listOf(warning)

/** Something whose form is not ours to say, or follows the version in it. */
export const MappingAnswer = mapping

const ratio = v.strictObject({ num: count(25), den: count(1) })
const facts = v.strictObject({
  durationMs: count(5_400_000),
  container: text('matroska,webm'),
  video: v.nullable(
    v.strictObject({
      codec: text('h264'),
      profile: textOrNull('High'),
      width: count(1920),
      height: count(1080),
      frameRate: v.nullable(ratio),
      pixelAspect: ratio,
      pixelFormat: textOrNull('yuv420p'),
      isInterlaced: v.boolean(),
      isHdr: v.boolean(),
      rotation: count(0),
    }),
  ),
  audio: v.array(
    v.strictObject({
      index: count(0),
      codec: text('aac'),
      channels: count(2),
      sampleRate: count(48_000),
      language: textOrNull('deu'),
      title: textOrNull('Stereo'),
      isDefault: v.boolean(),
    }),
  ),
  subtitles: v.array(
    v.strictObject({
      index: count(0),
      codec: text('subrip'),
      language: textOrNull('deu'),
      isText: v.boolean(),
      isForced: v.boolean(),
    }),
  ),
  chaptersMs: v.array(count(600_000)),
})

/** A file of one's own. */
export const MediaAnswer = v.strictObject({
  id: text('m1a2b3'),
  library: text('films'),
  path: text('Dinner for One (1963).mkv'),
  kind: v.picklist(MEDIA_KINDS),
  title: text('Dinner for One'),
  series: textOrNull('Classics'),
  season: countOrNull(),
  episode: countOrNull(),
  lastEpisode: countOrNull(),
  year: countOrNull(1963),
  plot: textOrNull('The same procedure as every year'),
  genres: v.array(text('Comedy')),
  rating: v.nullable(v.strictObject({ system: textOrNull('FSK'), value: text('0') })),
  airedOn: textOrNull('1963-05-08'),
  bytes: count(700_000_000),
  modifiedAt: instant,
  addedAt: instant,
  durationMs: countOrNull(1_080_000),
  facts: v.nullable(facts),
  breaksMs: v.array(count(600_000)),
  loudness: v.nullable(v.strictObject({ integratedLufs: number, truePeakDb: number })),
  artwork: textOrNull('/media/m1a2b3/artwork'),
  problem: textOrNull('It has no picture and no sound'),
  isMissing: v.boolean(),
})

/** A window of the files. */
export const MediaListAnswer = listOf(MediaAnswer)

/** Series of libraries. */
export const MediaSeriesAnswer = listOf(
  v.strictObject({
    library: text('films'),
    name: text('Classics'),
    seasons: v.array(count()),
    episodes: count(18),
    year: countOrNull(1963),
    artwork: textOrNull('/media/m1a2b3/artwork'),
  }),
)

const scan = {
  isThere: v.boolean(),
  files: count(120),
  added: count(0),
  changed: count(0),
  moved: count(0),
  missing: count(0),
  forgotten: count(0),
  broken: count(0),
  unfinished: count(0),
  durationMs: count(900),
}

/** Libraries, and where work in them has come to. */
export const LibrariesAnswer = listOf(
  v.strictObject({
    id: text('films'),
    name: text('Films'),
    isThere: v.boolean(),
    scanning: v.nullable(
      v.strictObject({ phase: v.picklist(['reading', 'probing']), done: count(10), total: countOrNull(120) }),
    ),
    lastScan: v.nullable(v.strictObject({ ...scan, at: instantOrNull })),
    counts: v.strictObject({
      films: count(20),
      episodes: count(80),
      fillers: count(20),
      others: count(0),
      broken: count(0),
      missing: count(0),
    }),
    unmeasured: count(0),
    problems: v.array(v.strictObject({ path: text('Private'), reason: text('The folder cannot be read') })),
  }),
)

/** The jobs that scan. */
export const ScanAnswer = v.strictObject({ job: v.nullable(JobAnswer), jobs: v.array(text('j1')) })
