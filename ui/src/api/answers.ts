import * as v from 'valibot'

/** An instant in JSON (ISO 8601, or epoch milliseconds) as epoch milliseconds. */
export const Instant = v.union([
  v.number(),
  v.pipe(
    v.string(),
    v.transform((text) => Date.parse(text)),
    v.number(),
  ),
])

/** A sentence of the gateway for owners (`core/notices/notice.ts`). */
export const NoticeAnswer = v.object({
  code: v.string(),
  facts: v.record(v.string(), v.union([v.string(), v.number()])),
  source: v.nullable(v.string()),
  failure: v.nullable(v.string()),
  text: v.string(),
})
/** A sentence of the gateway for owners. */
export type NoticeAnswer = v.InferOutput<typeof NoticeAnswer>

/** `GET /api/v1/session`: who the caller is and what may be done. */
export const SessionAnswer = v.object({
  user: v.nullish(v.string(), null),
  role: v.nullish(v.picklist(['admin', 'viewer']), null),
  mayWatch: v.boolean(),
  setupNeeded: v.optional(v.boolean(), false),
  /** What channels can be watched as (`?quality=`); words of newer gateways are left alone. */
  qualities: v.optional(v.array(v.string()), []),
  /** The caller's own viewing prefix, `/t/{token}` or nothing. */
  prefix: v.optional(v.string(), ''),
  /** Owners can work here; a front has no desk. */
  desk: v.optional(v.boolean(), true),
  /** Base URLs by which other devices reach this house, best first. */
  addresses: v.optional(v.array(v.string()), []),
  anonymous: v.optional(v.nullable(v.picklist(['none', 'loopback', 'lan'])), null),
})
export type SessionAnswer = v.InferOutput<typeof SessionAnswer>

/** A programme of the guide, as far as the pages show it. */
const ProgrammeAnswer = v.object({
  title: v.string(),
  subtitle: v.nullish(v.string(), null),
  description: v.nullish(v.string(), null),
  start: Instant,
  stop: Instant,
})
/** A programme as lists show it. */
export type ProgrammeAnswer = v.InferOutput<typeof ProgrammeAnswer>

const channelFields = {
  id: v.string(),
  number: v.string(),
  name: v.string(),
  media: v.optional(v.picklist(['tv', 'radio']), 'tv'),
  groups: v.optional(v.array(v.string()), []),
  hasLogo: v.optional(v.boolean(), false),
  ownLogo: v.optional(v.nullable(v.string()), null),
  sources: v.optional(v.array(v.string()), []),
  now: v.nullish(ProgrammeAnswer, null),
  next: v.nullish(ProgrammeAnswer, null),
}

/** A channel as lists show it. */
export const ChannelAnswer = v.object(channelFields)
export type ChannelAnswer = v.InferOutput<typeof ChannelAnswer>

/** `GET /api/v1/channels`: one page of the line-up. */
export const ChannelsAnswer = v.object({
  revision: v.optional(v.string(), ''),
  total: v.number(),
  items: v.array(ChannelAnswer),
})
export type ChannelsAnswer = v.InferOutput<typeof ChannelsAnswer>

/** `GET /api/v1/channels/{id}`: one channel, its place in the whole list, and what its running stream carries. */
export const ChannelDetailAnswer = v.object({
  ...channelFields,
  position: v.nullish(v.number(), null),
  program: v.nullish(
    v.object({
      streams: v.array(v.object({ kind: v.string(), codec: v.string(), language: v.nullish(v.string(), null) })),
    }),
    null,
  ),
})
export type ChannelDetailAnswer = v.InferOutput<typeof ChannelDetailAnswer>

/** `GET /api/v1/groups`. */
export const GroupsAnswer = v.object({
  items: v.array(v.object({ name: v.string(), channels: v.optional(v.number(), 0) })),
})

/** `GET /api/v1/tokens`. */
export const TokensAnswer = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      /** `viewing` opens television, `api` is for programs. */
      kind: v.optional(v.string(), 'viewing'),
      name: v.string(),
      createdAt: v.nullish(Instant, null),
      lastSeen: v.nullish(Instant, null),
    }),
  ),
})

/** `POST /api/v1/tokens`: the only time the token itself is told. */
export const NewTokenAnswer = v.object({
  id: v.string(),
  name: v.string(),
  token: v.string(),
  playlistUrl: v.optional(v.string()),
})

const ProblemAnswer = v.object({
  code: v.nullish(v.string(), null),
  title: v.string(),
  detail: v.nullish(v.string(), null),
  advice: v.nullish(v.string(), null),
})

const ViewerAnswer = v.object({
  id: v.string(),
  mode: v.string(),
  quality: v.optional(v.string(), 'original'),
  user: v.nullish(v.string(), null),
  address: v.optional(v.string(), ''),
  bytesOut: v.optional(v.number(), 0),
})

/** One of `sources` in the status. */
const SourceAnswer = v.object({
  id: v.string(),
  kind: v.string(),
  name: v.string(),
  state: v.string(),
  slots: v.nullish(v.object({ total: v.number(), used: v.number() }), null),
  channels: v.number(),
  lastRefresh: v.nullish(Instant, null),
  problem: v.nullish(ProblemAnswer, null),
})
/** A source as the status tells it. */
export type SourceAnswer = v.InferOutput<typeof SourceAnswer>

/** One of `streams` in the status. */
const StreamAnswer = v.object({
  channelId: v.string(),
  channelName: v.string(),
  sourceId: v.string(),
  state: v.string(),
  startedAt: Instant,
  bytesIn: v.optional(v.number(), 0),
  bytesOut: v.optional(v.number(), 0),
  bitrateKbps: v.optional(v.number(), 0),
  continuityErrors: v.optional(v.number(), 0),
  viewers: v.optional(v.array(ViewerAnswer), []),
})
/** A running stream as the status tells it. */
export type StreamAnswer = v.InferOutput<typeof StreamAnswer>

/** `GET /api/status`: in full for an admin or on this machine; others who may watch get version and uptime only. */
export const StatusAnswer = v.object({
  version: v.string(),
  uptimeSeconds: v.number(),
  runtime: v.optional(v.string()),
  sources: v.optional(v.array(SourceAnswer)),
  streams: v.optional(v.array(StreamAnswer)),
  notices: v.optional(v.array(NoticeAnswer), []),
})
export type StatusAnswer = v.InferOutput<typeof StatusAnswer>
