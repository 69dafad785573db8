import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { asFailure, FAILURES, Failure } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import { importDocument } from './import-document.ts'
import type { ImportProgress, ImportReport, ImportTask } from './import-document.ts'

/** Imports documents; one after the other or several at once is the caller's choice. */
export interface DocumentImporter {
  /** Fails as `importDocument` does. The target is a part when it fails, to be deleted by the caller. */
  run(
    task: ImportTask,
    options: { readonly onProgress: (progress: ImportProgress) => void; readonly signal: AbortSignal },
  ): Promise<ImportReport>
}

/** What a thread says. */
type Message =
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | { readonly kind: 'done'; readonly report: ImportReport }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

const Task = v.object({
  document: v.string(),
  target: v.string(),
  previous: v.nullable(v.string()),
  window: v.object({ from: v.number(), to: v.number() }),
  language: v.nullable(v.string()),
})

/** How long a thread may take to come to an end by itself. */
const STOP_MS = 2000

/**
 * Imports in a thread of its own for each document, so that streams do not notice. `entry`: the module that calls
 * `runImportThread`.
 */
export function createThreadImporter(entry: URL): DocumentImporter {
  return {
    run: (task, { onProgress, signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const worker = new Worker(entry, {
          workerData: task,
          // A document of any size needs no more; V8 would otherwise let garbage grow.
          resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
        })
        let stopping: ReturnType<typeof setTimeout> | null = null
        const stop = (): void => {
          worker.postMessage('stop')
          stopping = setTimeout(() => void worker.terminate(), STOP_MS)
        }
        const end = (settle: () => void): void => {
          signal.removeEventListener('abort', stop)
          if (stopping !== null) clearTimeout(stopping)
          settle()
        }
        let failure: unknown = new Failure('guide/import-failed', 'The import ended without a result')
        let report: ImportReport | null = null
        worker.on('message', (message: Message) => {
          if (message.kind === 'progress') {
            onProgress(message.progress)
            return
          }
          if (message.kind === 'done') ({ report } = message)
          else failure = new Failure(knownCode(message.code), message.message)
          // It has nothing to do any more, but its open port keeps it alive.
          void worker.terminate()
        })
        worker.once('error', (cause) => {
          failure = new Failure('guide/import-failed', 'The import broke off', {}, cause)
        })
        worker.once('exit', () =>
          end(() => (signal.aborted ? reject(signal.reason) : report === null ? reject(failure) : resolve(report))),
        )
        signal.addEventListener('abort', stop, { once: true })
      }),
  }
}

const knownCode = (code: string): FailureCode =>
  Object.hasOwn(FAILURES, code) ? (code as FailureCode) : 'guide/import-failed'

/**
 * The other end: carries out the task that this thread was started with, and stays until it is ended. To be called by the
 * thread's entry only.
 */
export async function runImportThread(): Promise<void> {
  const port = parentPort
  if (port === null) throw new TypeError('This module is the entry of a thread')
  const say = (message: Message): void => port.postMessage(message)
  standBack()
  const stopping = new AbortController()
  // The only thing that is ever said to a thread is that it should stop.
  port.once('message', () => stopping.abort(new Error('The import was stopped')))
  try {
    const report = await importDocument(v.parse(Task, workerData), {
      onProgress: (progress) => say({ kind: 'progress', progress }),
      signal: stopping.signal,
    })
    say({ kind: 'done', report })
  } catch (error) {
    const failure = asFailure(error, 'guide/import-failed', `The document could not be imported: ${String(error)}`)
    say({ kind: 'failed', code: failure.code, message: failure.message })
  }
}

/** Streams go first where there is not enough for all. Only Linux has a priority for each thread; elsewhere nothing changes. */
function standBack(): void {
  try {
    // Linux takes the id of a thread for that of a process (setpriority(2), notes).
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // No /proc, or not allowed: the import is as important as the rest then.
  }
}
