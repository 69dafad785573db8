import type { JobId } from '../../core/jobs/job.ts'
import type { Library } from '../../core/library/library.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import type { Log } from '../../core/log.ts'
import type { SourceDriver } from '../sources/driver.ts'

/** A library of the house. */
export type OpenLibrary = { readonly id: SourceId; readonly name: string; readonly library: Library }

/** The files of one's own, for the API: those of all libraries that run. */
export function createMediaDesk({
  drivers,
  refresh,
  log,
}: {
  /** In order of priority; those without files are passed over. */
  readonly drivers: () => readonly Pick<SourceDriver, 'id' | 'name' | 'linear'>[]
  readonly refresh: (source: SourceId, askedBy: string | null) => JobId
  readonly log: Log
}) {
  return {
    async libraries(): Promise<readonly OpenLibrary[]> {
      const opened = drivers().map(async ({ id, name, linear }): Promise<OpenLibrary | null> => {
        if (linear === undefined) return null
        try {
          return { id, name, library: await linear.library() }
        } catch (error) {
          // One that cannot be opened hides none of the others; its source says what is wrong.
          log('warn', 'library-unusable', { sourceId: id, error: String(error) })
          return null
        }
      })
      return (await Promise.all(opened)).filter((one) => one !== null)
    },
    scan(library: string, { again, askedBy }: { readonly again: boolean; readonly askedBy: string | null }): JobId {
      const id = sourceId(library)
      if (again)
        drivers()
          .find((driver) => driver.id === id)
          ?.linear?.probeAgain()
      return refresh(id, askedBy)
    },
  }
}
