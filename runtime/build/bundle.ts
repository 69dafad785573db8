import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT } from './project.ts'

const kib = (size: number): string => `${(size / 1024).toFixed(0)} KiB`

/** Bundles an entry into one minified ES module in `dist/` and prints its size; what the platform brings stays an import. */
export async function bundleTo(
  file: string,
  options: {
    readonly entry: string
    readonly conditions: readonly string[]
    readonly external: readonly string[]
  },
): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [options.entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...options.conditions, 'import'],
    external: [...options.external],
    target: 'esnext',
    minify: true,
    // Error names and class names are part of what people see in logs.
    keepNames: true,
    legalComments: 'inline',
    logLevel: 'warning',
  }).catch((error: unknown) => {
    // esbuild has printed what is wrong, with file and line.
    if (error instanceof Error && 'errors' in error) process.exit(1)
    throw error
  })
  const bytes = outputFiles[0]?.contents
  if (!bytes) throw new Error(`The bundle of "${options.entry}" came out empty`)
  await mkdir(join(ROOT, 'dist'), { recursive: true })
  await writeFile(join(ROOT, 'dist', file), bytes)
  console.log(`dist/${file}: ${kib(bytes.length)}, ${kib(gzipSync(bytes, { level: 9 }).length)} gzip`)
}
