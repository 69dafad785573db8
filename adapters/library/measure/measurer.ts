import { join } from 'node:path'
import type { Timers } from '../../../core/live/timers.ts'
import type { Log } from '../../../core/log.ts'
import { walkedFile } from '../scan/walk-folder.ts'
import type { ItemStore } from '../store/item-store.ts'
import type { KeptItem } from '../store/item-row.ts'
import { findBreaks } from './find-breaks.ts'
import { measureSound } from './measure-sound.ts'

/** Where films are broken is looked for in nothing shorter. */
const SHORTEST_TO_BREAK_MS = 10 * 60_000
/** How long it waits while streams need the machine, or nothing is to be done. */
const PAUSE_MS = 10_000

/** What measuring needs. */
export type MeasurerParts = {
  readonly store: ItemStore
  readonly root: string
  readonly ffmpeg: string
  /** False while streams need the machine: what runs stands still. */
  readonly mayWork: () => boolean
  readonly timers: Timers
  readonly log: Log
  readonly changed: () => void
  /** Makes the picture of an item ready; it is done when this resolves. */
  readonly prepare: (item: KeptItem, signal: AbortSignal) => Promise<unknown>
  readonly shortestToBreakMs?: number
}

/**
 * Measures what was not measured yet, one file at a time and behind everything else: how loud it is, where it can be
 * broken (only where it has no chapters), and its picture. Disposing it ends what runs.
 */
export function startMeasurer(parts: MeasurerParts): AsyncDisposable {
  const { store, timers, mayWork } = parts
  const stop = new AbortController()
  const pause = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = timers.set(resolve, PAUSE_MS)
    stop.signal.addEventListener('abort', () => resolve(), { once: true })
    return promise.finally(() => timers.clear(timer))
  }
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const next = mayWork() ? store.nextUnmeasured() : null
      if (next === null || !(await measureItem(parts, next, stop.signal))) await pause()
    }
  }
  const running = run().catch((error: unknown) => {
    if (!stop.signal.aborted)
      parts.log('error', 'library-measuring-ended', { library: store.library, error: String(error) })
  })
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/**
 * Measures one file; what cannot be measured counts as done. False: the file is not there, or another one by now. Fails
 * with the signal's reason.
 */
export async function measureItem(parts: MeasurerParts, kept: KeptItem, signal: AbortSignal): Promise<boolean> {
  const { store, root, ffmpeg, log } = parts
  const { item, key } = kept
  const facts = item.facts
  if (facts === null) return false
  const run = { signal, isHeld: () => !parts.mayWork() }
  const path = join(root, item.path)
  const sound = facts.audio.length === 0 ? null : await measureSound(ffmpeg, path, run)
  const isLong = facts.durationMs >= (parts.shortestToBreakMs ?? SHORTEST_TO_BREAK_MS)
  const isToBreak = facts.video !== null && facts.chaptersMs.length === 0 && item.kind !== 'filler' && isLong
  const breaksMs =
    isToBreak && sound !== null
      ? await findBreaks(ffmpeg, { path, durationMs: facts.durationMs, silences: sound.silences }, run)
      : null
  await parts.prepare(kept, signal)
  signal.throwIfAborted()
  // A share that went away in between has measured nothing, and other bytes something else.
  const now = await walkedFile(root, item.path).catch(() => null)
  if (now?.bytes !== item.bytes || now.modifiedAt !== item.modifiedAt) return false
  store.setMeasured(key, { loudness: sound?.loudness ?? null, breaksMs })
  log('debug', 'library-measured', { library: store.library, media: item.id, breaks: breaksMs?.length ?? null })
  parts.changed()
  return true
}
