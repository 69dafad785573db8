import * as v from 'valibot'
import { Failure } from '../errors.ts'
import { libraryFilterSchema } from '../library/library-filter.ts'
import { suggest } from '../suggest.ts'
import { hash32 } from './hash.ts'
import { checkReferences } from './document/references.ts'
import { overrideSchema } from './document/override.ts'
import type { Override } from './document/override.ts'
import { planEntries, revisionSchema } from './document/revision.ts'
import type { Revision } from './document/revision.ts'
import { poolSchema } from './document/pool.ts'
import { NO_BREAKS, NO_BUMPERS } from './document/decoration.ts'
import { slotSchema } from './document/slot.ts'
import type { Slot } from './document/slot.ts'
import { calendarDay, clockTime, line, listOf, slug, timeZone, whole } from './document/values.ts'
import { DEFAULT_HOUSE, HOUSE_FRAME_RATES, HOUSE_SOUND_SAMPLES, PLAYOUT_MODES } from './house-format.ts'
import type { HouseFormat } from './house-format.ts'
import { looksSchema } from './looks.ts'

const SOUND_CODECS = Object.keys(HOUSE_SOUND_SAMPLES) as (keyof typeof HOUSE_SOUND_SAMPLES)[] // they are its keys

const houseSchema = v.pipe(
  v.strictObject(
    {
      mode: v.optional(v.picklist(PLAYOUT_MODES, `one of ${PLAYOUT_MODES.join(', ')}`), DEFAULT_HOUSE.mode),
      width: v.optional(v.pipe(whole(64, 7680), v.multipleOf(2, 'an even number')), DEFAULT_HOUSE.width),
      height: v.optional(v.pipe(whole(64, 4320), v.multipleOf(2, 'an even number')), DEFAULT_HOUSE.height),
      frameRate: v.optional(
        v.picklist(HOUSE_FRAME_RATES, `one of ${HOUSE_FRAME_RATES.join(', ')}`),
        DEFAULT_HOUSE.frameRate,
      ),
      videoKbps: v.optional(whole(100, 100_000), DEFAULT_HOUSE.videoKbps),
      audioCodec: v.optional(v.picklist(SOUND_CODECS, `one of ${SOUND_CODECS.join(', ')}`), DEFAULT_HOUSE.audioCodec),
      audioKbps: v.optional(whole(32, 1024), DEFAULT_HOUSE.audioKbps),
      audioChannels: v.optional(v.picklist([1, 2, 6], '1, 2 or 6'), DEFAULT_HOUSE.audioChannels),
    },
    'the format of the channel, like {"height": 1080, "width": 1920}',
  ),
  v.readonly(),
)

const WANTED =
  'a channel, like {"id": "westerns", "name": "Westerns", "pools": [{"id": "all", "query": {"genres": ["Western"]}}]}'

/**
 * The schedule document of a channel, as it is written by people, forms and files. The smallest useful one is
 * `{id, name, pools: [{id, query}]}`: it plays the pool, shuffled, all day.
 *
 * `slots`, `pools`, `filler`, `breaks` and `bumpers` may stand at the top instead of in `revisions`: they hold from the
 * anchor day on. `readChannelDoc` makes them the first revision.
 */
export const channelDocSchema = v.strictObject(
  {
    v: v.optional(v.literal(1, '1, the version of the document'), 1),
    id: slug,
    name: line(200),
    number: v.optional(
      v.nullable(
        v.pipe(
          v.union([v.string(), v.pipe(v.number(), v.transform(String))], 'a channel number, like 7 or "7.1"'),
          v.regex(/^\d{1,5}(?:\.\d{1,3})?$/, 'a channel number, like 7 or "7.1"'),
        ),
      ),
      null,
    ),
    group: v.optional(v.nullable(line(200)), null),
    /** A file below the library's folder, or an http(s) address. */
    logo: v.optional(v.nullable(line(2000)), null),
    /** What all chance comes from; without one it is made of the id. */
    seed: v.optional(whole(0, 4_294_967_295)),
    zone: v.optional(timeZone),
    /** When a day of the channel begins. */
    dayStart: v.optional(clockTime, '06:00'),
    /** The first day: pools begin with it, and there is nothing before. */
    anchorDay: v.optional(calendarDay),
    house: v.optional(houseSchema, DEFAULT_HOUSE),
    /** Logo, crawl, loudness, languages, subtitles. */
    looks: v.optional(looksSchema, {}),
    ...planEntries,
    revisions: v.optional(v.pipe(listOf(revisionSchema, 500, 'revisions'), v.readonly()), []),
    overrides: v.optional(v.pipe(listOf(overrideSchema, 200, 'overrides'), v.readonly()), []),
  },
  WANTED,
)

/** What a document looks like before it is read. */
export type ChannelDocInput = v.InferInput<typeof channelDocSchema>

/** A schedule document, read: every key is there, all that is planned is in `revisions`, earliest first. */
export type ChannelDoc = Omit<
  v.InferOutput<typeof channelDocSchema>,
  keyof typeof planEntries | 'revisions' | 'seed' | 'zone' | 'anchorDay' | 'house' | 'overrides'
> & {
  readonly seed: number
  readonly zone: string
  readonly anchorDay: string
  readonly house: HouseFormat
  readonly revisions: readonly [Revision, ...Revision[]]
  readonly overrides: readonly Override[]
}

/** What a document has that does not say so itself. */
export type DocDefaults = {
  /** What messages call the document; nothing: only its keys are named. */
  readonly key?: string
  /** Time zone of the house. */
  readonly zone?: string
  /** Its first day. A new document should say the day on which it was made. */
  readonly anchorDay?: string
}

/** A Monday. Fixed, so that a document of a file means the same after every start. */
const DEFAULT_ANCHOR_DAY = '2026-01-05'

/**
 * Reads a schedule document. What it gives can be printed as JSON and read again, to the same.
 * Fails with `linear/invalid`, naming the key (`revisions[0].slots[2].at`).
 */
export function readChannelDoc(input: unknown, defaults: DocDefaults = {}): ChannelDoc {
  const prefix = defaults.key ?? ''
  const result = v.safeParse(channelDocSchema, input)
  if (!result.success) throw issueFailure(result.issues[0], prefix)
  const { slots, pools, filler, breaks, bumpers, revisions, seed, zone, anchorDay, ...rest } = result.output
  const first = anchorDay ?? defaults.anchorDay ?? DEFAULT_ANCHOR_DAY
  const own = { from: first, slots: withIds(slots), pools, filler, breaks, bumpers }
  const later = revisions.map((revision) => ({ ...revision, slots: withIds(revision.slots) }))
  const isOwn = slots.length > 0 || pools.length > 0
  const [head, ...tail] = isOwn ? [own, ...later] : later
  const doc: ChannelDoc = {
    ...rest,
    seed: seed ?? hash32(rest.id),
    zone: zone ?? defaults.zone ?? 'UTC',
    anchorDay: first,
    revisions: [head ?? own, ...tail],
  }
  const wrong = checkReferences(doc, isOwn ? 1 : 0)
  if (wrong !== null) throw wrongKey(join(prefix, wrong.key), wrong.shouldBe)
  return doc
}

/** Slots without an id get one of their time, which stays when others come and go. */
function withIds(slots: readonly v.InferOutput<typeof revisionSchema>['slots'][number][]): Slot[] {
  const taken = new Set(slots.flatMap(({ id }) => id ?? []))
  return slots.map((slot) => {
    if (slot.id !== undefined) return { ...slot, id: slot.id }
    const time = slot.at.replaceAll(':', '')
    let id = time
    for (let index = 2; taken.has(id); index++) id = `${time}-${index}`
    taken.add(id)
    return { ...slot, id }
  })
}

const KNOWN_KEYS = [channelDocSchema, slotSchema, poolSchema, libraryFilterSchema, overrideSchema, houseSchema]
  .map(({ entries }) => Object.keys(entries))
  .concat([Object.keys(NO_BREAKS), Object.keys(NO_BUMPERS)])
  .flat()

function issueFailure(issue: v.BaseIssue<unknown>, prefix: string): Failure {
  const path = (issue.path ?? []).reduce(
    (text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : join(text, String(key))),
    prefix,
  )
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = String(issue.path?.at(-1)?.key ?? '')
    const meant = suggest(name, KNOWN_KEYS)
    const hint = meant === null || meant === name ? '' : `, did you mean "${meant}"?`
    return new Failure('linear/invalid', `${path}: unknown key${hint}`, { key: path })
  }
  if (issue.input === undefined && issue.type === 'strict_object')
    return new Failure('linear/invalid', `${path}: missing`, { key: path })
  const { message, expected } = issue
  const key = path === '' ? 'The document' : path
  // Some schemas tell what to do, valibot itself what it wanted; ours end the sentence.
  if (message.startsWith('Invalid ')) return wrongKey(key, expected ?? 'something else')
  return /^[A-Z"]/.test(message) ? new Failure('linear/invalid', `${key}: ${message}`, { key }) : wrongKey(key, message)
}

const wrongKey = (key: string, shouldBe: string): Failure =>
  new Failure('linear/invalid', `${key}: should be ${shouldBe}`, { key })

const join = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`)
