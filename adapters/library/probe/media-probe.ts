import type { MediaFacts } from '../../../core/library/media-item.ts'

/** What a file is, or why it cannot be shown (one sentence, without its path). */
export type ProbeResult =
  | {
      readonly kind: 'facts'
      readonly facts: MediaFacts
      /** A picture is packed into the file. */
      readonly hasCover: boolean
    }
  | {
      readonly kind: 'problem'
      readonly reason: string
      /** It may be over by itself (a disk that did not answer): worth another look. */
      readonly isPassing: boolean
    }

/** Port of the library: looks into a file. Every implementation tells the same of the same file. */
export interface MediaProbe {
  /** `path` is absolute. Fails with the signal's reason only: a file that cannot be read is a `problem`. */
  probe(path: string, signal: AbortSignal): Promise<ProbeResult>
}

/** How long a look may take: disks have to spin up (9 … 15 s on a NAS), and some files are read for long. */
export const PROBE_MS = 60_000
/** Files with thousands of chapters exist; with more output than this something else is wrong. */
export const PROBE_BYTES = 8 * 1024 * 1024
