import { Hono } from 'hono'
import * as v from 'valibot'
import type { Recording } from '../core/lineup/recording.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import { nameMatcher } from '../core/lineup/word-search.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { wholeNumber } from './parameter.ts'
import { askRecorders, findRecorder } from './recorders.ts'
import { printInstant } from './status.ts'
import { filmPath } from './vod.ts'

/** Query of `GET /recordings`. */
export const RecordingsQuery = v.object({
  source: v.optional(v.pipe(v.string(), v.maxLength(64))),
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  tag: v.optional(v.pipe(v.string(), v.maxLength(100))),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(500), '100'),
})

/**
 * `GET /api/v1/recordings?source=&q=&tag=&offset=&limit=` for everybody who may watch: what receivers have recorded, the
 * newest first (100 at a time, at most 500). `play` is a path below the viewer's root; a receiver that does not answer is
 * named in `failed`.
 */
export function recordingRoutes(gateway: Pick<Gateway, 'recorders'>): Hono<Env> {
  return new Hono<Env>().get('/recordings', requireWatcher, async (c) => {
    const { source, q, tag, offset, limit } = readQuery(c, RecordingsQuery)
    const { signal } = c.req.raw
    const chosen = source === undefined ? (gateway.recorders ?? []) : [findRecorder(gateway, source)]
    const { answers, failed } = await askRecorders(chosen, ({ recorder }) => recorder.recordings(signal))
    const matches = nameMatcher(q)
    const found = answers
      .flatMap(({ of, answer }) => answer.map((recording) => ({ sourceId: of.id, recording })))
      .filter(
        ({ recording: { title, subtitle, tags } }) =>
          matches(`${title} ${subtitle ?? ''}`) && (tag === undefined || tags.includes(tag)),
      )
      .toSorted((a, b) => (b.recording.beginsAt ?? 0) - (a.recording.beginsAt ?? 0))
    const items = found.slice(offset, offset + limit).map((one) => printRecording(one.sourceId, one.recording))
    return c.json({ total: found.length, items, failed }, 200, { 'cache-control': 'private, no-store' })
  })
}

function printRecording(sourceId: SourceId, recording: Recording) {
  const { id, title, subtitle, description, channelName, tags, folder } = recording
  return {
    sourceId,
    id,
    title,
    subtitle,
    description,
    channelName,
    begin: printInstant(recording.beginsAt),
    durationSeconds: recording.durationSeconds,
    sizeBytes: recording.sizeBytes,
    growing: recording.isGrowing,
    tags,
    folder,
    play: filmPath(sourceId, id, null),
  }
}
