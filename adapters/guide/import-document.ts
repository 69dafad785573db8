import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { createXmltvReader } from '../../core/guide/xmltv/reader.ts'
import type { XmltvCounts, XmltvProblem } from '../../core/guide/xmltv/reader.ts'
import type { Window } from '../../core/guide/window.ts'
import { createFeedWriter } from './feed-writer.ts'
import { unpackFile } from './unpack.ts'

/** What is to be imported, and where to. Plain data: it travels to another thread. */
export type ImportTask = {
  /** The document as it came. */
  readonly document: string
  /** The file to write; must not be there yet. */
  readonly target: string
  /** The file of the import before, whose past is kept; null: none. */
  readonly previous: string | null
  /** Programmes outside of it are left out. */
  readonly window: Window
  /** Language of texts that come in several; null: the first. */
  readonly language: string | null
}

/** How far an import is. */
export type ImportProgress = {
  /** Bytes of the document that were read, as it is packed. */
  readonly readBytes: number
  readonly totalBytes: number
  readonly programmes: number
}

/** What an import brought. */
export type ImportReport = XmltvCounts & {
  /** Hash of the unpacked document without its head, which may carry the date. */
  readonly digest: string
  readonly unpackedBytes: number
  /** Starts of the first and the last programme; null: there are none. */
  readonly firstStart: number | null
  readonly lastStart: number | null
  /** The first broken places. */
  readonly told: readonly XmltvProblem[]
}

const PROGRESS_EVERY_MS = 250

/**
 * Imports a document into a new file, in one go and in this thread.
 *
 * Memory is bounded whatever the document's size: pieces of 256 KiB, one unfinished element, the names of its channels.
 * Fails with `guide/packed`, `guide/not-xmltv` or the signal's reason; the target is a part then, to be deleted.
 */
export async function importDocument(
  task: ImportTask,
  { onProgress, signal }: { readonly onProgress: (progress: ImportProgress) => void; readonly signal: AbortSignal },
): Promise<ImportReport> {
  const { size: totalBytes } = await stat(task.document)
  using writer = createFeedWriter(task.target)
  const told: XmltvProblem[] = []
  let readBytes = 0
  let programmes = 0
  let [firstStart, lastStart] = [Infinity, -Infinity]
  const reader = createXmltvReader(
    {
      channel: (channel) => writer.channel(channel),
      programme(programme) {
        programmes++
        if (programme.start < firstStart) firstStart = programme.start
        if (programme.start > lastStart) lastStart = programme.start
        writer.programme(programme)
      },
      problem: (problem) => void told.push(problem),
    },
    { window: task.window, language: task.language },
  )
  const hash = createBodyHash()
  let unpackedBytes = 0
  let nextProgress = 0
  for await (const piece of unpackFile(task.document, { onRead: (bytes) => void (readBytes = bytes), signal })) {
    hash.update(piece)
    reader.push(piece)
    unpackedBytes += piece.length
    if (performance.now() < nextProgress) continue
    nextProgress = performance.now() + PROGRESS_EVERY_MS
    onProgress({ readBytes, totalBytes, programmes })
  }
  const counts = reader.end()
  signal.throwIfAborted()
  onProgress({ readBytes: totalBytes, totalBytes, programmes })
  writer.finish(task.previous === null ? null : { file: task.previous, from: task.window.from })
  return {
    ...counts,
    digest: hash.digest(),
    unpackedBytes,
    firstStart: programmes === 0 ? null : firstStart,
    lastStart: programmes === 0 ? null : lastStart,
    told,
  }
}

/** Hashes from the first channel or programme on: many tools write the time of day into the head. */
function createBodyHash(): { update(piece: Uint8Array): void; digest(): string } {
  const hash = createHash('sha256')
  let inBody = false
  return {
    update(piece) {
      if (inBody) hash.update(piece)
      else {
        const head = new TextDecoder('latin1').decode(piece)
        const at = head.search(/<(?:channel|programme)\b/)
        inBody = at >= 0
        if (inBody) hash.update(piece.subarray(at))
      }
    },
    digest: () => hash.digest('base64url'),
  }
}
