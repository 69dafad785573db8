import { createEitHarvest } from '../../core/guide/eit/harvest.ts'
import { BROADCAST_FEED } from '../../core/guide/layers.ts'
import { tripletOf } from '../../core/guide/match/guide-index.ts'
import type { GuideStore } from '../../core/guide/store.ts'
import { createSectionTap } from '../../core/live/section-tap.ts'
import type { OpenRequest, SlotRule, StreamOpener, UpstreamSink } from '../../core/live/upstream.ts'
import type { Log } from '../../core/log.ts'
import type { LineupKeeper } from './lineup-keeper.ts'
import { openingBy } from './opening-by.ts'

/** The guide that open streams carry: a broadcast tells the programmes of its whole transponder. */
export interface BroadcastGuide extends Disposable {
  /** The source as it is, with an eye on what its streams tell. */
  tap(source: StreamOpener & SlotRule): StreamOpener & SlotRule
  /** Stores what was told since the last time; gives the number of services it was about. */
  store(signal: AbortSignal): Promise<number>
}

/** PID of the event information table. ETSI EN 300 468, table 1. */
const EIT_PID = 0x12

/** Collects the guides of services that channels of the line-up have. */
export function createBroadcastGuide(options: {
  readonly guide: Pick<GuideStore, 'replace'>
  readonly lineup: Pick<LineupKeeper, 'current' | 'onChange'>
  readonly now: () => number
  readonly log: Log
}): BroadcastGuide {
  const { guide, lineup, now, log } = options
  let wanted: ReadonlySet<string> | null = null
  const stopListening = lineup.onChange(() => {
    wanted = null
  })
  const servicesOfLineup = (): ReadonlySet<string> => {
    const refs = lineup.current().channels.flatMap(({ enabled, streams }) => (enabled ? streams : []))
    return new Set(refs.flatMap(({ serviceRef }) => (serviceRef === null ? [] : (tripletOf(serviceRef) ?? []))))
  }
  const harvest = createEitHarvest({ isWanted: (service) => (wanted ??= servicesOfLineup()).has(service), now })

  const watched = (request: OpenRequest): OpenRequest => {
    const tap = createSectionTap(EIT_PID, (section) => harvest.push(section))
    let isBroken = false
    const { sink } = request
    const data: UpstreamSink['data'] = (chunk) => {
      // Before the relay, which may write into the chunk.
      if (!isBroken) {
        try {
          tap.push(chunk)
        } catch (error) {
          isBroken = true
          log('error', 'broadcast-guide-broke', { streamId: request.stream.id, error: String(error) })
        }
      }
      sink.data(chunk)
    }
    return { ...request, sink: { data, end: (failure) => sink.end(failure) } }
  }

  return {
    tap: (source) => openingBy(source, (request) => source.open(watched(request))),
    async store(signal) {
      const services = new Set<string>()
      for (const batch of harvest.take()) {
        signal.throwIfAborted()
        await guide.replace(BROADCAST_FEED, batch, now())
        services.add(batch.channel)
      }
      return services.size
    },
    [Symbol.dispose]: stopListening,
  }
}
