import { Failure } from '../../core/errors.ts'
import type { Gateway } from '../gateway.ts'
import type { GuideFeedStatus } from '../guide-desk.ts'
import { toProblem } from '../problem.ts'
import { printInstant } from '../status.ts'
import { printEntry } from './entry-answer.ts'
import type { EntryView } from './entry-desk.ts'

/**
 * All guides that are documents: what runs of each, and where it is written. Those of sources are managed by their source;
 * of those that are switched off or cannot be used nothing runs.
 */
export function describeFeeds(gateway: Pick<Gateway, 'guideDesk' | 'guideEntries'>) {
  if (gateway.guideDesk === null) throw new Failure('http/not-found', 'Guides are kept by the adapter')
  const feeds = gateway.guideDesk.feeds()
  const entries = gateway.guideEntries?.list() ?? []
  const resting = entries.filter(({ id }) => !feeds.some((feed) => feed.id === id))
  return [
    ...feeds.map((feed) => {
      const entry = entries.find(({ id }) => id === feed.id)
      return { ...printFeed(feed), ...(entry === undefined ? OF_SOURCE : printEntry(entry)) }
    }),
    ...resting.map((entry) => ({ ...printResting(entry), ...printEntry(entry) })),
  ]
}

const OF_SOURCE = { managedBy: 'source', revision: null, entry: null, hosts: {}, entryProblem: null } as const

function printResting({ id, shown, problem }: EntryView) {
  const name = typeof shown['name'] === 'string' ? shown['name'] : id
  const printed = printFeed({ id, name, imported: null, progress: null, problem })
  return { ...printed, state: problem === null ? ('disabled' as const) : printed.state }
}

/** `starting`: nothing is imported yet; a failure with something imported leaves that in use. */
function stateOf({ imported, progress, problem }: GuideFeedStatus): 'starting' | 'ready' | 'refreshing' | 'failing' {
  if (progress !== null) return 'refreshing'
  if (problem !== null) return 'failing'
  return imported === null ? 'starting' : 'ready'
}

/** What runs of a guide document; instants in ISO 8601. */
export function printFeed(feed: GuideFeedStatus) {
  const { imported, progress } = feed
  return {
    id: feed.id,
    name: feed.name,
    state: stateOf(feed),
    lastRefresh: printTime(imported?.fetchedAt),
    lastChange: printTime(imported?.importedAt),
    channels: imported?.channels ?? 0,
    programmes: imported?.programmes ?? 0,
    from: printTime(imported?.firstStart),
    to: printTime(imported?.lastStart),
    broken: imported?.problems ?? [],
    progress,
    problem: feed.problem === null ? null : toProblem(feed.problem),
  }
}

const printTime = (instant: number | null | undefined): string | null =>
  instant == null ? null : printInstant(instant)
