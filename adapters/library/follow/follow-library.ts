import type { Timers } from '../../../core/live/timers.ts'
import type { Log } from '../../../core/log.ts'
import type { ScanOutcome } from '../scan/scan-library.ts'
import { watchFolders } from './watch-folders.ts'
import type { FolderWatch } from './watch-folders.ts'

/** A copy of many files is one change: it is looked at when nothing has come for this long. */
const QUIET_MS = 5000
/** Somebody who writes without end does not keep us from looking. */
const LONGEST_QUIET_MS = 60_000
/** A share that is away, and files that are being written, are looked at again soon. */
const SOON_MS = 60_000

/** What following needs. */
export type FollowParts = {
  readonly library: string
  readonly root: string
  readonly timers: Timers
  readonly now: () => number
  readonly log: Log
  readonly rescanMinutes: number
  readonly scan: (signal: AbortSignal) => Promise<unknown>
  readonly watch?: typeof watchFolders
}

/** Keeps looking at a folder. Disposing it ends that. */
export interface Follower extends Disposable {
  /** A scan came to its end, whoever asked for it. */
  scanned(outcome: ScanOutcome): void
}

/**
 * Scans a library now, soon after something has changed in it, and every so many minutes: a network share tells nothing
 * of what others do with it.
 */
export function followLibrary(parts: FollowParts): Follower {
  const { timers, now, log } = parts
  const watch = parts.watch ?? watchFolders
  const stop = new AbortController()
  let next: unknown = null
  let firstChange: number | null = null
  let watching: { readonly watch: FolderWatch; readonly folders: string } | null = null

  const scanIn = (ms: number): void => {
    if (stop.signal.aborted) return
    timers.clear(next)
    next = timers.set(() => {
      firstChange = null
      parts.scan(stop.signal).catch((error: unknown) => {
        if (stop.signal.aborted) return
        log('error', 'library-scan-failed', { library: parts.library, error: String(error) })
        scanIn(SOON_MS)
      })
    }, ms)
  }
  const changed = (): void => {
    firstChange ??= now()
    scanIn(Math.min(QUIET_MS, Math.max(0, firstChange + LONGEST_QUIET_MS - now())))
  }

  scanIn(0)
  return {
    scanned({ report, folders }) {
      if (stop.signal.aborted) return
      const key = folders.join('\n')
      if (watching?.folders !== key) {
        watching?.watch[Symbol.dispose]()
        watching = { watch: watch(parts.root, folders, changed), folders: key }
        if (!watching.watch.isWhole) log('info', 'library-watched-in-part', { library: parts.library })
      }
      if (firstChange !== null) changed()
      else scanIn(report.isThere && report.unfinished === 0 ? parts.rescanMinutes * 60_000 : SOON_MS)
    },
    [Symbol.dispose]() {
      stop.abort(new Error('The library is closed'))
      timers.clear(next)
      watching?.watch[Symbol.dispose]()
    },
  }
}
