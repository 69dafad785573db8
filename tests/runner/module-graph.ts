import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import type { ParseResult } from 'oxc-parser'
import { ROOT } from './source-files.ts'

/** One `import`, `export … from` or `import()` as it is written in a file. `typeOnly`: nothing of it is there at run time. */
export type Import = { readonly from: string; readonly names: readonly string[]; readonly typeOnly: boolean }

/** A source file's text, and what the parser says of it. */
function parse(path: string): { source: string; parsed: ParseResult } {
  const source = readFileSync(join(ROOT, path), 'utf8')
  const parsed = parseSync(path, source)
  const broken = parsed.errors[0]
  if (broken) throw new SyntaxError(`Cannot read "${path}": ${broken.message}`)
  return { source, parsed }
}

/** The imports of a source file (path from the project folder). Computed `import()` paths are left out. */
export function importsOf(path: string): Import[] {
  const { source, parsed } = parse(path)
  const { module } = parsed
  const found: Import[] = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: moduleRequest.value,
    names: entries.map((entry) => entry.importName.name ?? (entry.importName.kind === 'Default' ? 'default' : '*')),
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }))
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ from: moduleRequest.value, names: ['*'], typeOnly: isType })
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(source.slice(moduleRequest.start, moduleRequest.end))
    if (literal?.[2]) found.push({ from: literal[2], names: ['*'], typeOnly: false })
  }
  return found
}

/** The project path that a relative import of `importer` names; null for packages and built-ins. */
export function resolveImport(importer: string, from: string): string | null {
  return from.startsWith('.') ? new URL(from, `file:///${importer}`).pathname.slice(1) : null
}

/** The exports of a source file's own (not those passed on from others). `documented`: a doc comment stands above it. */
export function exportsOf(path: string): { readonly name: string; readonly documented: boolean }[] {
  const { source, parsed } = parse(path)
  const documented = new Map<string, boolean>()
  const note = (name: string, at: number): void => {
    // Of several overloads one has to carry the comment.
    documented.set(name, (documented.get(name) ?? false) || hasDocComment(source, parsed.comments, at))
  }
  const declaredAt = new Map(
    parsed.program.body.flatMap((node) => declaredNames(node).map((name) => [name, node.start])),
  )
  for (const { start, entries } of parsed.module.staticExports) {
    for (const { exportName, localName, moduleRequest } of entries) {
      if (moduleRequest) continue
      const name = exportName.name ?? 'default'
      note(name, declaredAt.get(localName.name ?? name) ?? start)
    }
  }
  return [...documented].map(([name, has]) => ({ name, documented: has }))
}

type Node = ParseResult['program']['body'][number]

/** Names that a statement declares without exporting them itself: `export { name }` may stand elsewhere. */
function declaredNames(node: Node): string[] {
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  }
  return 'id' in node && node.id?.type === 'Identifier' ? [node.id.name] : []
}

/** Whether a doc comment ends right above `at`; other comments (a disabled rule) may stand between. */
function hasDocComment(source: string, comments: ParseResult['comments'], at: number): boolean {
  const above = comments.findLast(({ end }) => end <= at)
  if (!above || source.slice(above.end, at).trim() !== '') return false
  return (above.type === 'Block' && above.value.startsWith('*')) || hasDocComment(source, comments, above.start)
}
