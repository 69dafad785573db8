import * as v from 'valibot'
import type { LibraryState, ScanProgress, ScanReport } from '../../../core/library/library.ts'
import type { Log } from '../../../core/log.ts'
import { unlessAborted } from '../../net/unless-aborted.ts'
import { scanLibrary } from './scan-library.ts'
import type { ScanOutcome, ScanParts } from './scan-library.ts'

/** Runs the scans of one library, one at a time. */
export interface ScanDesk extends AsyncDisposable {
  scan(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: ScanProgress) => void
    readonly again?: boolean
  }): Promise<ScanReport>
  state(): Pick<LibraryState, 'scanning' | 'lastScan' | 'problems'>
}

const MOST_PROBLEMS = 100
const count = v.number()
const LastScan = v.object({
  at: count,
  isThere: v.boolean(),
  files: count,
  added: count,
  changed: count,
  moved: count,
  missing: count,
  forgotten: count,
  broken: count,
  unfinished: count,
  durationMs: count,
})

type Running = {
  readonly report: Promise<ScanReport>
  readonly stop: AbortController
  readonly listeners: Set<(progress: ScanProgress) => void>
  askers: number
}

/**
 * A desk for scans: who asks while one runs gets that one, and it ends early only when everybody who asked has given up.
 * `finished` hears of every scan that came to its end.
 */
export function createScanDesk(
  parts: ScanParts,
  { log, finished }: { readonly log: Log; readonly finished: (outcome: ScanOutcome) => void },
): ScanDesk {
  const { store, now } = parts
  const closing = new AbortController()
  let running: Running | null = null
  let scanning: ScanProgress | null = null
  let problems: LibraryState['problems'] = []
  let lastScan = readLastScan(store.note('last-scan'))

  const start = (again: boolean): Running => {
    const stop = new AbortController()
    const listeners = new Set<(progress: ScanProgress) => void>()
    const onProgress = (progress: ScanProgress): void => {
      scanning = progress
      for (const listener of listeners) listener(progress)
    }
    const scanned = async (): Promise<ScanReport> => {
      try {
        await Promise.resolve() // so that whoever asked hears of its beginning
        const signal = AbortSignal.any([stop.signal, closing.signal])
        const outcome = await scanLibrary(parts, { signal, onProgress, again })
        lastScan = { ...outcome.report, at: now() }
        problems = outcome.problems.slice(0, MOST_PROBLEMS).map(({ path, reason }) => ({ path, reason }))
        store.setNote('last-scan', JSON.stringify(lastScan))
        log('info', 'library-scanned', { library: store.library, ...outcome.report })
        finished(outcome)
        return outcome.report
      } finally {
        scanning = null
        running = null
      }
    }
    return { report: scanned(), stop, listeners, askers: 0 }
  }

  return {
    async scan({ signal, onProgress, again = false }) {
      signal.throwIfAborted()
      // One that nobody waits for any more is coming to its end.
      while (running?.stop.signal.aborted === true)
        await unlessAborted(
          signal,
          running.report.catch(() => null),
        )
      closing.signal.throwIfAborted()
      const mine = (running ??= start(again))
      mine.askers++
      if (onProgress !== undefined) mine.listeners.add(onProgress)
      const leave = (): void => {
        if (--mine.askers === 0) mine.stop.abort(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await unlessAborted(signal, mine.report)
      } finally {
        signal.removeEventListener('abort', leave)
        if (onProgress !== undefined) mine.listeners.delete(onProgress)
      }
    },
    state: () => ({ scanning, lastScan, problems }),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The library is closed'))
      await running?.report.catch(() => {}) // its askers hear of it
    },
  }
}

function readLastScan(note: string | null): LibraryState['lastScan'] {
  if (note === null) return null
  const told = v.safeParse(v.pipe(v.string(), v.parseJson(), LastScan), note)
  return told.success ? told.output : null
}
