import { stat } from 'node:fs/promises'
import type { ScanProgress, ScanReport } from '../../../core/library/library.ts'
import type { MediaProbe } from '../probe/media-probe.ts'
import type { ItemStore } from '../store/item-store.ts'
import { collectFiles } from './collect.ts'
import type { Collected } from './collect.ts'
import { compareWithSeen } from './compare.ts'
import { probeFiles, unprobedFiles } from './probe-files.ts'
import { codeOf } from './walk-folder.ts'
import type { WalkProblem } from './walk-folder.ts'

const DAY_MS = 24 * 3_600_000

/** What a scan works with. */
export type ScanParts = {
  readonly store: ItemStore
  readonly root: string
  /** Null: there is no FFmpeg; files are listed by their names, and none can be played. */
  readonly probe: MediaProbe | null
  readonly probesAtOnce: number
  readonly now: () => number
  /** Fails with the signal's reason. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** So long a file has to be the same before somebody looks into it. */
  readonly settleMs: number
  /** Files that were not there for so long are forgotten. */
  readonly keepDays: number
  /** Items are others than before. */
  readonly changed: () => void
}

/** How one scan is made. */
export type ScanOptions = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: ScanProgress) => void
  readonly again: boolean
}

/** A report, and what had to be left out. */
export type ScanOutcome = {
  readonly report: ScanReport
  readonly problems: readonly WalkProblem[]
  /** Folders that were read, at most some thousands. */
  readonly folders: readonly string[]
  /** Items that were forgotten. */
  readonly forgotten: readonly string[]
}

const NOTHING = { files: 0, added: 0, changed: 0, moved: 0, missing: 0, forgotten: 0, broken: 0, unfinished: 0 }

/**
 * One scan: reads the folder, compares it with what is known, looks into what is new, and forgets what was away for long.
 *
 * A folder that is not there, fails, or is suddenly empty is a share that is away: all items stay, marked as missing, and
 * nothing has to be probed when it comes back.
 */
export async function scanLibrary(parts: ScanParts, options: ScanOptions): Promise<ScanOutcome> {
  const { store, root, now } = parts
  const { signal, onProgress } = options
  const startedAt = now()
  const report = (told: Partial<ScanReport>): ScanReport => ({
    ...NOTHING,
    isThere: true,
    ...told,
    durationMs: now() - startedAt,
  })
  const away = (reason: string): ScanOutcome => {
    const isNews = !store.isAway
    store.setAway(true)
    if (isNews) parts.changed()
    const problems = [{ path: '', reason, isWhole: true }]
    return { report: report({ isThere: false }), problems, folders: [''], forgotten: [] }
  }

  let collected: Collected
  try {
    onProgress({ phase: 'reading', done: 0, total: null })
    collected = await collectFiles(store.database, root, {
      signal,
      onFile: (done) => onProgress({ phase: 'reading', done, total: null }),
    })
    await stat(root) // it may have gone in between
  } catch (error) {
    signal.throwIfAborted()
    return away(`The folder is not there, or cannot be read (${codeOf(error)})`)
  }
  if (collected.files === 0 && hasItems(store)) return away('The folder is empty, and was not: is the share mounted?')
  const cameBack = store.isAway
  store.setAway(false)
  store.forgetProblems(options.again ? 'all' : 'passing')
  const differences = await compareWithSeen(store, root, { now: now(), problems: collected.problems, signal })
  const forgotten = store.forgetMissingSince(now() - parts.keepDays * DAY_MS)
  if (cameBack || forgotten.length > 0 || Object.values(differences).some((count) => count > 0)) parts.changed()
  const probed = await lookInto(parts, options)
  const { files, ...told } = collected
  return { report: report({ files, ...differences, ...probed, forgotten: forgotten.length }), ...told, forgotten }
}

const hasItems = (store: ItemStore): boolean => store.database.all('select 1 from item limit 1').length > 0

async function lookInto(parts: ScanParts, { signal, onProgress }: ScanOptions) {
  const { store, root, probe, probesAtOnce: atOnce } = parts
  const total = unprobedFiles(store)
  if (probe === null || total === 0) return {}
  await parts.wait(parts.settleMs, signal)
  onProgress({ phase: 'probing', done: 0, total })
  return await probeFiles(store, root, {
    probe,
    atOnce,
    signal,
    onDone(done) {
      onProgress({ phase: 'probing', done, total })
      parts.changed()
    },
  })
}
