import type { JobId } from '../../core/jobs/job.ts'
import type { Library } from '../../core/library/library.ts'

/** A library of the house. */
export type HouseLibrary = {
  /** Id of the source. */
  readonly id: string
  readonly name: string
  readonly library: Library
}

/** Port of the LAN: the files of one's own. */
export interface MediaDesk {
  /** Those that run, in order of priority. */
  libraries(): Promise<readonly HouseLibrary[]>
  /**
   * Reads a folder again now. `again`: also probes once more what could not be read. Fails with
   * `source/not-supported` if it is switched off.
   */
  scan(library: string, wish: { readonly again: boolean; readonly askedBy: string | null }): JobId
}
