import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { deskFiles } from './desk-files.ts'
import { filesBelow, hashFiles } from './input-hash.ts'
import { packPage } from './page-file.ts'
import { ROOT } from './project.ts'

// Builds the web interface into `dist/ui` and writes `runtime/assets.gen.ts`, which carries all of it inside the source:
// that is how the pages get into a binary and a worker. Nothing happens while the inputs are the same.

const ASSETS = join(ROOT, 'runtime/assets.gen.ts')
const BUILT = join(ROOT, 'dist/ui')
const RECORD = join(ROOT, '.cache/ui-build.json')
/** Beside the pages themselves: how they are built, and with which packages. */
const ALWAYS = [
  'package-lock.json',
  'tsconfig.base.json',
  'runtime/build/ui.ts',
  'runtime/build/desk-files.ts',
  'runtime/build/page-file.ts',
]

/** What the last build was made of: files outside `ui/` that it reads, and the hash over everything. */
type BuildRecord = { readonly shared: readonly string[]; readonly hash: string }

const hashInputs = async (shared: readonly string[]): Promise<string> =>
  hashFiles([...ALWAYS, ...(await filesBelow('ui')), ...shared])

async function isUpToDate(): Promise<boolean> {
  if (!existsSync(ASSETS) || !existsSync(RECORD)) return false
  const record = JSON.parse(await readFile(RECORD, 'utf8')) as BuildRecord
  return record.hash === (await hashInputs(record.shared))
}

/** A path of the project, as git writes it. */
const inProject = (id: string): string =>
  relative(ROOT, id.split('?')[0] ?? id)
    .split(sep)
    .join('/')

/**
 * Runs Vite into a folder of our own; gives the project's files outside `ui/` that became part of the pages, and the built
 * files that only owners need.
 */
async function buildInto(folder: string): Promise<{ shared: string[]; desk: ReadonlySet<string> }> {
  const { build } = await import('vite').catch((cause: unknown) => {
    throw new Error(
      'Cannot build the web interface without the development packages: run "npm ci" without --omit=dev',
      { cause },
    )
  })
  const output = await build({
    configFile: join(ROOT, 'ui/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  })
  const built = (Array.isArray(output) ? output : [output]).flatMap((part) => ('output' in part ? part.output : []))
  const chunks = built.filter((one) => one.type === 'chunk')
  const shared = chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .map(inProject)
    .filter((path) => !/^(ui|node_modules)\/|^\.\.|\0/.test(path) && existsSync(join(ROOT, path)))
  const desk = deskFiles(
    chunks.map(({ fileName, isEntry, isDynamicEntry, facadeModuleId, imports, dynamicImports, viteMetadata }) => ({
      fileName,
      isEntry,
      page: isDynamicEntry && facadeModuleId !== null ? inProject(facadeModuleId) : null,
      imports,
      dynamicImports,
      styles: [...(viteMetadata?.importedCss ?? [])],
    })),
  )
  return { shared, desk }
}

async function writeAssets(folder: string, desk: ReadonlySet<string>): Promise<{ files: number; bytes: number }> {
  const from = relative(ROOT, folder)
  const lines: string[] = []
  let bytes = 0
  for (const path of (await filesBelow(from)).toSorted()) {
    const name = path.slice(from.length).split(sep).join('/')
    const packed = packPage(path, await readFile(join(ROOT, path)))
    const file = desk.has(name.slice(1)) ? { ...packed, desk: true } : packed
    bytes += Math.floor((file.base64.length * 3) / 4)
    lines.push(`  ${JSON.stringify(name)}: ${JSON.stringify(file)},`)
  }
  const text = [
    '// Written by runtime/build/ui.ts; not kept in git.',
    "import type { Asset } from './pages.ts'",
    '',
    '/** The files of the built web interface by path. */',
    'export const ASSETS: Readonly<Record<string, Asset>> = {',
    ...lines,
    '}',
    '',
  ].join('\n')
  await writeFile(`${ASSETS}.${process.pid}`, text)
  await rename(`${ASSETS}.${process.pid}`, ASSETS)
  return { files: lines.length, bytes }
}

if (await isUpToDate()) {
  // The starter compares times before it asks here; a newer time spares the question next time.
  await utimes(ASSETS, new Date(), new Date())
} else {
  const started = performance.now()
  // Two starts may build at once: each in a folder of its own, moved into place when it is whole.
  const folder = `${BUILT}.${process.pid}`
  try {
    const { shared, desk } = await buildInto(folder)
    const { files, bytes } = await writeAssets(folder, desk)
    await rm(BUILT, { recursive: true, force: true })
    await rename(folder, BUILT)
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    await writeFile(RECORD, JSON.stringify({ shared, hash: await hashInputs(shared) } satisfies BuildRecord))
    const kib = (bytes / 1024).toFixed(0)
    console.log(
      `Web interface: ${files} files, ${kib} KiB compressed, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
