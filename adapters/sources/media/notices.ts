import type { LibraryState } from '../../../core/library/library.ts'
import { notice } from '../../../core/notices/notice.ts'
import type { Notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'

/** What the owner of a library should know now. `canPlay`: FFmpeg and an encoder are there. */
export function libraryNotices(
  source: string,
  { state, canPlay }: { readonly state: LibraryState | null; readonly canPlay: boolean },
): readonly Notice[] {
  const notices: Notice[] = []
  if (!canPlay) notices.push(notice(SOURCE_NOTICES, 'library/no-encoder', {}, { source }))
  if (state === null) return notices
  const { isThere, counts, problems } = state
  if (!isThere) notices.push(notice(SOURCE_NOTICES, 'library/away', {}, { source }))
  if (counts.broken > 0) notices.push(notice(SOURCE_NOTICES, 'library/broken', { count: counts.broken }, { source }))
  const [first] = problems
  if (first !== undefined) {
    const facts = { count: problems.length, folder: first.path, detail: first.reason }
    notices.push(notice(SOURCE_NOTICES, 'library/left-out', facts, { source }))
  }
  return notices
}
