import { FAILURE_WINDOW_MS } from '../core/alerts/facts.ts'
import type { HouseFacts } from '../core/alerts/facts.ts'
import type { Failure } from '../core/errors.ts'
import type { DecoderComplaints } from '../core/live/counts/decoder-complaints.ts'
import type { Recorder } from '../core/history/recorder.ts'
import type { JobDesk } from '../core/jobs/desk.ts'
import type { GuideDesk } from '../handlers/guide-desk.ts'
import type { StatusReader } from '../handlers/gateway.ts'

const MINUTE_MS = 60_000

/** Where the facts come from. */
export type FactSources = {
  readonly status: Pick<StatusReader, 'sources' | 'streams' | 'startedAt'>
  readonly guides: Pick<GuideDesk, 'feeds'>
  readonly jobs: Pick<JobDesk, 'list'>
  readonly recorder: Pick<Recorder, 'failuresSince'>
  /** What decoders could not read; absent: nothing is decoded here. */
  readonly complaints?: Pick<DecoderComplaints, 'of'>
  readonly fronts: () => readonly { readonly url: string; readonly problem: Failure | null }[]
  readonly now: () => number
}

/** What alerts are judged by, as it is now; to be asked every few seconds, for errors a minute are counted between. */
export function houseFacts({ status, guides, jobs, recorder, complaints, fronts, now }: FactSources) {
  /** Counts of the last minute, by what is counted and run of a channel. */
  const counts = new Map<string, { at: number; errors: number }[]>()

  /** `first`: where the count stands when a run begins. */
  const perMinute = (run: string, errors: number, at: number, first = 0): number => {
    const seen = [...(counts.get(run) ?? [{ at, errors: first }]), { at, errors }]
    const lately = seen.filter(
      (count, index) => count.at > at - MINUTE_MS || (seen[index + 1]?.at ?? at) > at - MINUTE_MS,
    )
    counts.set(run, lately)
    return Math.max(0, errors - (lately[0]?.errors ?? 0))
  }

  return (): Omit<HouseFacts, 'diskFreeBytes'> => {
    const at = now()
    const streams = status.streams()
    const runs = new Set<string>()
    const channels = streams.map(({ channelId: id, channelName: name, startedAt, ...stream }) => {
      const run = `${id}@${startedAt}`
      const decoding = `${run} decoding`
      runs.add(run).add(decoding)
      const undecoded = complaints?.of(id) ?? 0
      return {
        id,
        name,
        errorsPerMinute: perMinute(run, stream.continuityErrors + (stream.damagedPackets ?? 0), at),
        // Decoders count on from run to run: what they met before belongs to others.
        decoderErrorsPerMinute: perMinute(decoding, undecoded, at, undecoded),
      }
    })
    for (const run of counts.keys()) if (!runs.has(run)) counts.delete(run)
    return {
      startedAt: status.startedAt,
      sources: status
        .sources()
        .flatMap(({ id, name, state, problem, slots }) =>
          state === 'disabled' ? [] : [{ id, name, problem: problem?.code ?? null, slots }],
        ),
      guides: guides.feeds().map(({ id, name, imported, problem }) => ({
        id,
        name,
        freshAt: imported?.fetchedAt ?? null,
        problem: problem?.code ?? null,
      })),
      channels,
      failures: recorder.failuresSince(at - FAILURE_WINDOW_MS),
      jobs: jobs.list(),
      fronts: fronts().map(({ url, problem }) => ({
        name: URL.parse(url)?.host ?? '',
        problem: problem?.code ?? null,
      })),
    }
  }
}
