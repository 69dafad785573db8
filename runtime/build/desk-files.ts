/** A file of the built web interface, as far as it says who needs it. */
export type BuiltChunk = {
  readonly fileName: string
  readonly isEntry: boolean
  /** The source file that a page is, if it is loaded on its own. */
  readonly page: string | null
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
  readonly styles: readonly string[]
}

/**
 * Pages on which owners work, and what is said to them. A front has no desk: it serves those who watch, and carries no
 * files that only these need.
 */
const DESK_PAGE =
  /^ui\/src\/((pages\/(alerts|channels|dashboard|groups|log|logs|schedules|setup|sources|streams|system|users)|setup\/(groups|source)-step)\.tsx|text\/notices-german\.ts)$/

/** Scripts and styles that nobody needs who only watches. */
export function deskFiles(chunks: readonly BuiltChunk[]): ReadonlySet<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const needed = new Set<string>()
  const need = (name: string): void => {
    const chunk = byName.get(name)
    if (chunk === undefined || needed.has(name)) return
    needed.add(name)
    for (const style of chunk.styles) needed.add(style)
    for (const one of chunk.imports) need(one)
    for (const one of chunk.dynamicImports) {
      const page = byName.get(one)?.page
      if (page == null || !DESK_PAGE.test(page)) need(one)
    }
  }
  for (const { isEntry, fileName } of chunks) if (isEntry) need(fileName)
  const all = chunks.flatMap(({ fileName, styles }) => [fileName, ...styles])
  return new Set(all.filter((name) => !needed.has(name)))
}
