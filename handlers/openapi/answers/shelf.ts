import * as v from 'valibot'
import { WEEKDAYS } from '../../../core/lineup/recording-timer.ts'
import { channelId, count, countOrNull, instant, instantOrNull, listOf, text, textOrNull } from './leaves.ts'
import { ProblemAnswer } from './problem.ts'

const named = v.strictObject({ id: text('films'), name: text('Films') })
const failed = v.array(v.object({ ...ProblemAnswer.entries, sourceId: text('receiver') }))

/** Sources that have films, or categories of one. */
export const NamesAnswer = listOf(named)

const vodEntry = {
  kind: v.picklist(['film', 'series']),
  id: text('f12'),
  name: text('Metropolis'),
  year: countOrNull(1927),
  categories: v.array(text('classics')),
  rating: v.nullable(v.number()),
  addedAt: instantOrNull,
  poster: textOrNull('/logo/vod/films/f12'),
  container: v.exactOptional(textOrNull('mkv')),
  play: v.exactOptional(text('/play/vod/films/f12.mkv')),
}
const details = {
  plot: textOrNull('A city in the future'),
  genres: v.array(text('Drama')),
  directors: v.array(text('Fritz Lang')),
  cast: v.array(text('Brigitte Helm')),
  durationSeconds: countOrNull(9180),
}

/** A window of films or series; `total` null: the source does not say, an empty window is the end. */
export const VodEntriesAnswer = v.strictObject({
  total: countOrNull(),
  next: countOrNull(),
  items: v.array(v.strictObject(vodEntry)),
})

/** A film in full. */
export const FilmAnswer = v.strictObject({ ...vodEntry, ...details })

const episode = v.strictObject({
  number: count(),
  title: text('Pilot'),
  plot: textOrNull('How it began'),
  durationSeconds: countOrNull(2600),
  addedAt: instantOrNull,
  container: textOrNull('mkv'),
  play: text('/play/series/films/s1/1/1.mkv'),
})

/** A series with its seasons. */
export const SeriesAnswer = v.strictObject({
  ...vodEntry,
  ...details,
  seasons: v.array(v.strictObject({ number: count(), name: textOrNull('Season 1'), episodes: v.array(episode) })),
})

/** What receivers have recorded; those that did not answer are in `failed`. */
export const RecordingsAnswer = v.strictObject({
  ...listOf(
    v.strictObject({
      sourceId: text('receiver'),
      id: text('r1'),
      title: text('Tatort'),
      subtitle: textOrNull('The long night'),
      description: textOrNull('A case for two'),
      channelName: textOrNull('Das Erste HD'),
      begin: instantOrNull,
      durationSeconds: countOrNull(5400),
      sizeBytes: countOrNull(5_000_000_000),
      growing: v.boolean(),
      tags: v.array(text('crime')),
      folder: textOrNull('/media/hdd/movie/'),
      play: text('/play/vod/receiver/r1'),
    }),
  ).entries,
  failed,
})

/** A timer of a receiver. */
export const TimerAnswer = v.strictObject({
  sourceId: text('receiver'),
  id: text('t1'),
  name: text('Tatort'),
  description: text('A case for two'),
  channelId: v.nullable(channelId),
  channelName: text('Das Erste HD'),
  begin: instant,
  end: instant,
  localBegin: text('2026-11-21T21:15'),
  localEnd: text('2026-11-21T22:45'),
  state: v.picklist(['waiting', 'prepared', 'running', 'ended']),
  enabled: v.boolean(),
  zap: v.boolean(),
  repeats: v.array(v.picklist(WEEKDAYS)),
  tags: v.array(text('crime')),
  folder: textOrNull('/media/hdd/movie/'),
})

/** Timers, and what can be chosen for new ones at each receiver. */
export const TimersAnswer = v.strictObject({
  recorders: v.array(
    v.strictObject({
      id: text('receiver'),
      name: text('Receiver'),
      folders: v.array(text('/media/hdd/movie/')),
      tags: v.array(text('crime')),
    }),
  ),
  ...listOf(TimerAnswer).entries,
  failed,
})
