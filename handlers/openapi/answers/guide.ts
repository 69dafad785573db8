import * as v from 'valibot'
import { ProgrammeDetails } from '../../../core/guide/details.ts'
import { channelId, count, countOrNull, instant, instantOrNull, listOf, ownLogo, text, textOrNull } from './leaves.ts'
import { entry, JobAnswer } from './house.ts'
import { ProblemAnswer } from './problem.ts'

/** The members of a programme. */
export const programme = {
  start: instant,
  stop: instant,
  title: text('Tatort'),
  subtitle: textOrNull('The long night'),
  description: textOrNull('A case for two'),
  categories: v.array(text('Movie')),
  season: countOrNull(),
  episode: countOrNull(),
  repeat: v.boolean(),
  details: v.exactOptional(ProgrammeDetails),
}

/** What a guide tells of the next 24 hours of one of its channels. */
export const FeedProgrammesAnswer = listOf(v.strictObject(programme))

/** A window of the guide: channels and their programmes. */
export const ProgrammesAnswer = v.strictObject({
  revision: text('3'),
  from: instant,
  to: instant,
  ...listOf(
    v.strictObject({
      channelId,
      number: text('1'),
      name: text('Das Erste HD'),
      hasLogo: v.boolean(),
      ownLogo,
      programmes: v.array(v.strictObject({ ...programme, canReplay: v.boolean() })),
    }),
  ).entries,
})

/** What a search in the guide has found. */
export const GuideSearchAnswer = v.strictObject({
  from: instant,
  isWhole: v.boolean(),
  ...listOf(
    v.strictObject({
      channelId,
      number: text('1'),
      name: text('Das Erste HD'),
      programme: v.strictObject({ ...programme, canReplay: v.boolean() }),
    }),
  ).entries,
})

const feed = {
  id: text('europe'),
  name: text('Europe'),
  state: v.picklist(['starting', 'ready', 'refreshing', 'failing', 'disabled']),
  lastRefresh: instantOrNull,
  lastChange: instantOrNull,
  channels: count(200),
  programmes: count(40_000),
  from: instantOrNull,
  to: instantOrNull,
  broken: v.array(v.strictObject({ line: count(7), message: text('a programme has no title') })),
  progress: v.nullable(
    v.strictObject({
      step: v.picklist(['waiting', 'fetching', 'importing']),
      bytes: count(),
      totalBytes: countOrNull(),
      programmes: count(),
    }),
  ),
  problem: v.nullable(ProblemAnswer),
}

/** A guide that is a document. */
export const FeedAnswer = v.strictObject({ ...feed, ...entry })

/** All of them. */
export const FeedsAnswer = listOf(FeedAnswer)

/** A guide and the job that fetches it. */
export const FeedRefreshAnswer = v.strictObject({ ...feed, job: v.exactOptional(v.nullable(JobAnswer)) })

/** Channels of a guide. */
export const FeedChannelsAnswer = listOf(v.strictObject({ id: text('DasErste.de'), names: v.array(text('Das Erste')) }))

const match = v.strictObject({
  feed: text('europe'),
  channel: text('DasErste.de'),
  name: text('Das Erste'),
  score: v.number(),
  kind: v.picklist(['id', 'service', 'name', 'words']),
  reason: text('Same name "Das Erste"'),
})
const layer = v.strictObject({ feed: text('europe'), channel: text('DasErste.de'), shiftMinutes: count(0) })

const channelMatch = {
  channelId,
  number: text('1'),
  name: text('Das Erste HD'),
  state: v.picklist(['chosen', 'used', 'suggested', 'none']),
  choice: v.nullable(v.strictObject({ by: v.picklist(['owner', 'accepted']), layers: v.array(layer) })),
  layers: v.array(layer),
  matches: v.array(match),
}

/** Which guides a channel uses, and why. */
export const MatchAnswer = v.strictObject(channelMatch)

/** The same, with all candidates. */
export const OneMatchAnswer = v.strictObject({ ...channelMatch, candidates: v.array(match) })

/** A window of the channels, and how many are in which state. */
export const MatchesAnswer = v.strictObject({
  counts: v.strictObject({ chosen: count(), used: count(), suggested: count(), none: count() }),
  ...listOf(MatchAnswer).entries,
})

/** How many suggestions were accepted. */
export const AcceptedAnswer = v.strictObject({ accepted: count(12), undo: textOrNull('3') })

/** How many decisions were taken back. */
export const MatchesUndoneAnswer = v.strictObject({ undone: count(12) })
