import * as v from 'valibot'
import { RuleSchema } from '../../../core/lineup/rule.ts'
import {
  channelId,
  count,
  countOrNull,
  instant,
  instantOrNull,
  listOf,
  ownLogo,
  revision,
  text,
  textOrNull,
} from './leaves.ts'

const onNow = v.nullable(
  v.strictObject({
    title: text('Tagesschau'),
    subtitle: textOrNull('News'),
    description: textOrNull('What happened today'),
    start: instant,
    stop: instant,
  }),
)

/** A channel with what is on. */
export const ChannelAnswer = v.strictObject({
  id: channelId,
  number: text('1'),
  name: text('Das Erste HD'),
  media: v.picklist(['tv', 'radio']),
  groups: v.array(text('Public')),
  enabled: v.boolean(),
  favourite: v.boolean(),
  hasLogo: v.boolean(),
  ownLogo,
  sources: v.array(text('receiver')),
  now: onNow,
  next: onNow,
})

const position = v.pipe(countOrNull(0), v.description('Place in the list of those who watch'))
const codecs = v.strictObject({ kind: text('video'), codec: text('h264'), language: textOrNull('deu') })

/** One channel, and the codecs of its stream if it runs. */
export const OneChannelAnswer = v.strictObject({
  ...ChannelAnswer.entries,
  position,
  program: v.nullable(v.strictObject({ streams: v.array(codecs) })),
})

/** A window of the channels. */
export const ChannelsAnswer = v.strictObject({ revision, ...listOf(ChannelAnswer).entries })

/** A window of the owner's list: what viewers get, and what lies behind it. */
export const RowsAnswer = v.strictObject({
  revision,
  ...listOf(
    v.strictObject({
      id: channelId,
      number: text('1'),
      name: text('Das Erste HD'),
      sourceName: text('DE: Das Erste FHD'),
      media: v.picklist(['tv', 'radio']),
      quality: textOrNull('hd'),
      isAdult: v.boolean(),
      groups: v.array(text('Public')),
      enabled: v.boolean(),
      favourite: v.boolean(),
      hasLogo: v.boolean(),
      ownLogo,
      isEdited: v.boolean(),
      hasProblem: v.boolean(),
      isRunning: v.boolean(),
      guide: v.nullable(
        v.strictObject({ feed: text('europe'), channel: text('ard.de'), state: v.picklist(['chosen', 'own']) }),
      ),
      streams: v.array(
        v.strictObject({ source: text('receiver'), state: v.picklist(['there', 'gone', 'off', 'down']) }),
      ),
    }),
  ).entries,
})

const side = v.nullable(
  v.strictObject({
    number: text('1'),
    name: text('Das Erste'),
    enabled: v.boolean(),
    groups: v.array(text('Public')),
    streams: count(2),
  }),
)

/** What an edit would do (`preview=1`). */
export const PreviewAnswer = v.strictObject({
  revision,
  preview: v.strictObject({
    changed: count(3),
    added: count(0),
    removed: count(0),
    rows: v.array(v.strictObject({ id: channelId, before: side, after: side })),
  }),
})

/** What an edit answers: its members, or a preview of it. */
const edited = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.union([v.strictObject({ revision, ...entries }), PreviewAnswer])

/** After an edit of one channel. */
export const ChannelEditedAnswer = edited({ ...ChannelAnswer.entries, position })

/** After an edit of a channel's logo. */
export const LogoEditedAnswer = edited({ id: channelId, ownLogo })

/** After an edit that has nothing more to tell. */
export const EditedAnswer = edited({})

/** After an undo. */
export const RevisionAnswer = v.strictObject({ revision })

const sort = v.picklist(['number', 'name', 'own'])
const group = { name: text('Public'), channels: count(12), logo: textOrNull('https://logos.test/public.png'), sort }
const ownGroup = { ...group, sourceName: textOrNull('Public'), hidden: v.boolean(), order: v.array(channelId) }

/** Groups of those who watch, or all of them (`all=1`). */
export const GroupsAnswer = v.strictObject({
  revision,
  total: count(),
  items: v.array(v.union([v.strictObject(group), v.strictObject(ownGroup)])),
})

/** All groups after an edit. */
export const GroupsEditedAnswer = edited(listOf(v.strictObject(ownGroup)).entries)

/** Selections, with the number of channels. */
export const SelectionsAnswer = v.strictObject({
  revision,
  ...listOf(v.strictObject({ id: text('kids'), name: text('For the children'), channels: count(9) })).entries,
})

const selection = {
  id: text('kids'),
  name: text('For the children'),
  filter: textOrNull('group = "Kids"'),
  channels: v.array(channelId),
  sort: v.picklist(['number', 'name', 'group']),
  total: count(9),
}

/** How a selection is made. */
export const SelectionAnswer = v.strictObject(selection)

/** A selection after an edit. */
export const SelectionEditedAnswer = edited(selection)

/** The standing wishes. */
export const RulesAnswer = v.strictObject({ revision, ...listOf(RuleSchema).entries })

/** The standing wishes after an edit. */
export const RulesEditedAnswer = edited(listOf(RuleSchema).entries)

const channelStreams = {
  id: channelId,
  name: text('Das Erste HD'),
  ownOrder: v.boolean(),
  splitFrom: v.array(channelId),
  items: v.array(
    v.strictObject({
      id: text('s1k2x9'),
      source: text('receiver'),
      name: text('Das Erste HD'),
      off: v.boolean(),
      goneSince: instantOrNull,
      joined: v.strictObject({
        by: v.pipe(v.string(), v.description('What joined it'), v.examples(['service'])),
        score: v.number(),
        reason: text('Same service reference'),
      }),
    }),
  ),
}

/** The streams of a channel, with score and reason of each. */
export const ChannelStreamsAnswer = v.strictObject(channelStreams)

/** The streams of a channel after an edit. */
export const ChannelStreamsEditedAnswer = edited(channelStreams)

/** The streams that stay with a channel, and the new channel of the others. */
export const SplitAnswer = edited({ ...channelStreams, created: v.nullable(channelId) })

const named = v.strictObject({ id: channelId, name: text('Das Erste HD') })

/** What may be the same channel. */
export const ProposalsAnswer = v.strictObject({
  revision,
  ...listOf(v.strictObject({ into: named, other: named, score: v.number(), reason: text('Same name') })).entries,
})
