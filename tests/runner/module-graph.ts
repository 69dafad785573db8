import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { ROOT } from './source-files.ts'

/** One `import`, `export … from` or `import()` as it is written in a file. `typeOnly`: nothing of it is there at run time. */
export type Import = { readonly from: string; readonly names: readonly string[]; readonly typeOnly: boolean }

/** The imports of a source file (path from the project folder). Computed `import()` paths are left out. */
export function importsOf(path: string): Import[] {
  const source = readFileSync(join(ROOT, path), 'utf8')
  const { module, errors } = parseSync(path, source)
  const broken = errors[0]
  if (broken) throw new SyntaxError(`Cannot read "${path}": ${broken.message}`)
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
