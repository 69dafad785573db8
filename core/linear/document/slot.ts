import * as v from 'valibot'
import { parseChannelId } from '../../lineup/channel.ts'
import { breaksSchema, bumpersSchema, fillerSchema } from './decoration.ts'
import { calendarDay, clockTime, line, listOf, slug, WEEKDAYS, whole, yesOrNo } from './values.ts'

const SHOW = '{"pool": "films"}, {"channel": "c12"}, {"rerunOf": "prime"} or "off"'

/** A channel of the house that is passed on. */
export const liveChannel = v.pipe(
  v.string('the id of a channel, like "c12"'),
  v.check((text) => parseChannelId(text) !== null, 'the id of a channel, like "c12"'),
)

const showSchema = v.union(
  [
    v.pipe(
      v.literal('off'),
      v.transform(() => ({ kind: 'off' as const })),
    ),
    v.pipe(
      v.strictObject({ pool: slug }),
      v.transform(({ pool }) => ({ kind: 'pool' as const, pool })),
    ),
    v.pipe(
      v.strictObject({ channel: liveChannel }),
      v.transform(({ channel }) => ({ kind: 'live' as const, channel })),
    ),
    v.pipe(
      v.strictObject({ rerunOf: slug }),
      v.transform(({ rerunOf }) => ({ kind: 'rerun' as const, rerunOf })),
    ),
    // As it is printed, so that a document that was read can be read again.
    v.strictObject({ kind: v.literal('off') }),
    v.strictObject({ kind: v.literal('pool'), pool: slug }),
    v.strictObject({ kind: v.literal('live'), channel: liveChannel }),
    v.strictObject({ kind: v.literal('rerun'), rerunOf: slug }),
  ],
  SHOW,
)

const PAD_MINUTES = [0, 5, 10, 15, 20, 30, 60] as const

/**
 * What begins at a time of day and holds until the next slot, over midnight and over days without slots too.
 *
 * `days` are those of the calendar on which the clock shows `at`; `from` and `until` are both inside.
 */
export const slotSchema = v.pipe(
  v.strictObject(
    {
      /** Without one it is made of `at`. */
      id: v.optional(slug),
      at: clockTime,
      days: v.optional(
        v.nullable(
          v.pipe(
            listOf(v.picklist(WEEKDAYS, `one of ${WEEKDAYS.join(', ')}`), 7, 'days, like ["sat", "sun"]'),
            v.minLength(1, 'at least one day, or no list for all days'),
            v.readonly(),
          ),
        ),
        null,
      ),
      from: v.optional(v.nullable(calendarDay), null),
      until: v.optional(v.nullable(calendarDay), null),
      show: showSchema,
      /** So many programmes, then filler until the next slot; `fill`: as many as there is time for. */
      count: v.optional(v.union([v.literal('fill'), whole(1, 500)], 'a whole number from 1 to 500, or "fill"'), 'fill'),
      /** Programmes begin at full multiples of so many minutes of the clock; 0: one right after the other. */
      padToMinutes: v.optional(v.picklist(PAD_MINUTES, `one of ${PAD_MINUTES.join(', ')}`), 0),
      /** How far the programme before may run over this slot's start. One that would run further is not started. */
      lateMinutes: v.optional(whole(0, 720), 0),
      /** Every time another series, one episode after the other. */
      marathon: v.optional(yesOrNo, false),
      /** The last programme is started as long as the slot lasts, and may run into the next. */
      bleed: v.optional(yesOrNo, false),
      /** What the guide says instead of the programmes' own titles. */
      guide: v.optional(
        v.nullable(
          v.pipe(
            v.strictObject(
              { title: line(200), hideEpisodes: v.optional(yesOrNo, false) },
              'what the guide says, like {"title": "Film night"}',
            ),
            v.readonly(),
          ),
        ),
        null,
      ),
      /** Instead of the channel's own. */
      filler: v.optional(v.nullable(fillerSchema), null),
      breaks: v.optional(v.nullable(breaksSchema), null),
      bumpers: v.optional(v.nullable(bumpersSchema), null),
    },
    `a slot, like {"at": "20:15", "show": ${SHOW.split(',', 1)[0] ?? ''}}`,
  ),
  v.check(
    ({ from, until }) => from === null || until === null || from <= until,
    'a slot with "from" not after "until"',
  ),
  v.readonly(),
)

/** A slot, read; documents give each an id. */
export type Slot = v.InferOutput<typeof slotSchema> & { readonly id: string }
