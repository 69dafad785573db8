import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT } from './project.ts'

const kib = (size: number): string => `${(size / 1024).toFixed(0)} KiB`

/**
 * Bundles an entry into one minified ES module and prints its size; what the platform brings stays an import.
 *
 * The file is `outfile` unless the command line says another one with `--outfile`.
 */
export async function bundle(options: {
  readonly entry: string
  readonly outfile: string
  readonly conditions: readonly string[]
  readonly external: readonly string[]
}): Promise<void> {
  const { outfile } = parseArgs({ options: { outfile: { type: 'string', default: options.outfile } } }).values
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
  await mkdir(dirname(resolve(ROOT, outfile)), { recursive: true })
  await writeFile(resolve(ROOT, outfile), bytes)
  console.log(`${outfile}: ${kib(bytes.length)}, ${kib(gzipSync(bytes, { level: 9 }).length)} gzip`)
}
