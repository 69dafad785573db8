import * as v from 'valibot'

/** A channel as its owner sees it. */
export const ChannelRow = v.object({
  id: v.string(),
  number: v.string(),
  name: v.string(),
  sourceName: v.string(),
  media: v.picklist(['tv', 'radio']),
  quality: v.nullable(v.string()),
  isAdult: v.boolean(),
  groups: v.array(v.string()),
  enabled: v.boolean(),
  favourite: v.boolean(),
  hasLogo: v.boolean(),
  ownLogo: v.nullable(v.string()),
  isEdited: v.boolean(),
  hasProblem: v.boolean(),
  isRunning: v.boolean(),
  guide: v.nullable(v.object({ feed: v.string(), channel: v.string(), state: v.picklist(['chosen', 'own']) })),
  streams: v.array(v.object({ source: v.string(), state: v.picklist(['there', 'gone', 'off', 'down']) })),
})
export type ChannelRow = v.InferOutput<typeof ChannelRow>

/** `GET /api/v1/lineup/channels`. */
export const RowsAnswer = v.object({ revision: v.string(), total: v.number(), items: v.array(ChannelRow) })

/** What every edit of the line-up answers. */
export const EditedAnswer = v.object({ revision: v.string() })

const Side = v.nullable(
  v.object({
    number: v.string(),
    name: v.string(),
    enabled: v.boolean(),
    groups: v.array(v.string()),
    streams: v.number(),
  }),
)
/** What an edit would do. */
export const PreviewAnswer = v.object({
  revision: v.string(),
  preview: v.object({
    changed: v.number(),
    added: v.number(),
    removed: v.number(),
    rows: v.array(v.object({ id: v.string(), before: Side, after: Side })),
  }),
})
/** What an edit would do: how many channels, and the first of them. */
export type Preview = v.InferOutput<typeof PreviewAnswer>['preview']
/** A channel before and after; null: it is not there. */
export type PreviewRow = Preview['rows'][number]

/** `GET /api/v1/channels/{id}/streams`. */
export const StreamsAnswer = v.object({
  id: v.string(),
  name: v.string(),
  ownOrder: v.boolean(),
  items: v.array(
    v.object({
      id: v.string(),
      source: v.string(),
      name: v.string(),
      off: v.boolean(),
      goneSince: v.nullable(v.string()),
      joined: v.object({ by: v.string(), score: v.number(), reason: v.string() }),
    }),
  ),
})
/** The streams of a channel in fail-over order. */
export type ChannelStreams = v.InferOutput<typeof StreamsAnswer>
/** One of them, and why it is there. */
export type ChannelStream = ChannelStreams['items'][number]

const Layer = v.object({ feed: v.string(), channel: v.string(), shiftMinutes: v.number() })
const Match = v.object({
  feed: v.string(),
  channel: v.string(),
  name: v.string(),
  score: v.number(),
  kind: v.string(),
  reason: v.string(),
})
/** `GET /api/v1/guide/matches/{id}`. */
export const GuideAnswer = v.object({
  channelId: v.string(),
  state: v.picklist(['chosen', 'used', 'suggested', 'none']),
  choice: v.nullable(v.object({ by: v.string(), layers: v.array(Layer) })),
  layers: v.array(Layer),
  candidates: v.optional(v.array(Match), []),
})
/** Which guides a channel uses, and what else fits. */
export type ChannelGuide = v.InferOutput<typeof GuideAnswer>
/** A channel of a guide that may be the one. */
export type GuideCandidate = v.InferOutput<typeof Match>

/** `GET /api/v1/guide/feeds`, as far as a choice needs it. */
export const FeedsAnswer = v.object({ items: v.array(v.object({ id: v.string(), name: v.string() })) })
/** `GET /api/v1/guide/feeds/{id}/channels`. */
export const FeedChannelsAnswer = v.object({
  items: v.array(v.object({ id: v.string(), names: v.array(v.string()) })),
})

/** `GET /api/v1/groups?all=1`. */
export const AllGroupsAnswer = v.object({
  revision: v.string(),
  total: v.number(),
  items: v.array(
    v.object({
      name: v.string(),
      channels: v.number(),
      sourceName: v.nullable(v.string()),
      hidden: v.boolean(),
      logo: v.nullable(v.string()),
      sort: v.picklist(['number', 'name', 'own']),
    }),
  ),
})
/** A group as its owner sees it. */
export type OwnGroup = v.InferOutput<typeof AllGroupsAnswer>['items'][number]
