import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { toProblem } from '../problem.ts'
import type { EntryDesk, EntryView } from './entry-desk.ts'

/** An entry as it comes: the desk checks its keys as those of the configuration file. */
export const EntryBody = v.pipe(
  v.unknown(),
  v.check((body) => !Array.isArray(body)),
  v.record(v.string(), v.unknown()),
)

/** The desk of a list. Fails with `http/not-found` on a front. */
export function entriesOf(desk: EntryDesk | null | undefined): EntryDesk {
  if (desk == null) throw new Failure('http/not-found', 'This is configured at the adapter')
  return desk
}

/** What the API shows of an entry beside what runs: where it is written, and its keys. */
export const printEntry = ({ managedBy, revision, shown, hosts, problem }: EntryView) => ({
  managedBy,
  revision,
  entry: shown,
  hosts,
  entryProblem: problem === null ? null : toProblem(problem),
})

/** Headers of an answer about one entry; the revision is its entity tag. */
export const entryHeaders = ({ revision }: Pick<EntryView, 'revision'>): Record<string, string> => ({
  'cache-control': 'private, no-store',
  ...(revision !== null && { etag: `"${revision}"` }),
})
