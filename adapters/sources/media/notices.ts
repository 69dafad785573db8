import type { LibraryState } from '../../../core/library/library.ts'

/** What the owner of a library should know now. */
export function libraryNotices(name: string, state: LibraryState | null): readonly string[] {
  if (state === null) return []
  const { isThere, counts, problems } = state
  return [
    ...(isThere
      ? []
      : [`The folder of "${name}" is away: its channels show a slate until the disk or share is there again`]),
    ...(counts.broken === 0
      ? []
      : [`${files(counts.broken)} of "${name}" cannot be shown; the list of files says why ("state=broken")`]),
    ...(problems.length === 0
      ? []
      : [`${problems.length} folders of "${name}" were left out, the first one "${problems[0]?.path}": ${problems[0]?.reason}`]),
  ]
}

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`)
