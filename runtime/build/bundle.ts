import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import type { Asset } from '../pages.ts'
import { ROOT } from './project.ts'

const kib = (size: number): string => `${(size / 1024).toFixed(0)} KiB`

/**
 * Of the web interface, what a front can do without beside the owner's desk: the way around for browsers that HLS does not
 * suit (raw TS, with which files play as well), and hls.js' thread of its own (it then works in the page's). Fronts load at
 * every cold start, so they carry little.
 */
export const SPARED_BY_FRONTS = /^\/assets\/(engine-ts|ts-file|mpegts|hls\.worker)-/

/**
 * Takes files out of `runtime/assets.gen.ts`, which has one line for each (also those of the owner's desk), and packs the
 * others with brotli, all of them as one: a quarter less. They are unpacked when the first one is asked for; hosts of fronts
 * compress answers by themselves.
 */
const fewerPages = (leaveOut: RegExp): Plugin => ({
  name: 'fewer-pages',
  setup(build) {
    build.onLoad({ filter: /assets\.gen\.ts$/ }, async ({ path }) => {
      const parts: Uint8Array[] = []
      let at = 0
      const lines = (await readFile(path, 'utf8')).split('\n').flatMap((line) => {
        const [, name, asset] = /^ {2}"([^"]+)": (\{.*\}),$/.exec(line) ?? []
        if (name === undefined || asset === undefined) return []
        const file = JSON.parse(asset) as Asset
        if (file.desk === true || leaveOut.test(name)) return []
        const { contentType, gzip, tag, base64 } = file
        if (!gzip) return [`${JSON.stringify(name)}: ${JSON.stringify({ contentType, gzip, tag, base64 })},`]
        const bytes = gunzipSync(Buffer.from(base64, 'base64'))
        const told = JSON.stringify({ contentType, gzip: false, tag, base64: '' })
        const entry = `${JSON.stringify(name)}: {...${told}, unpack: part(${at}, ${at + bytes.length})},`
        parts.push(bytes)
        at += bytes.length
        return [entry]
      })
      const contents = [
        `import { brotliDecompressSync } from 'node:zlib'`,
        `const packed = ${JSON.stringify(packTightly(Buffer.concat(parts)))}`,
        'const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))',
        'let whole',
        'const part = (from, to) => () => (whole ??= new Uint8Array(brotliDecompressSync(bytesOf(packed)))).slice(from, to)',
        `export const ASSETS = {`,
        ...lines,
        '}',
      ]
      return { contents: contents.join('\n'), loader: 'js' }
    })
  },
})

/** The bytes packed with brotli, as base64. */
const packTightly = (bytes: Uint8Array): string =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).toString('base64')

/** Of the manifest a program tells its version alone. */
const versionOnly: Plugin = {
  name: 'version-only',
  setup(build) {
    build.onLoad({ filter: /\/package\.json$/ }, async ({ path }) => {
      if (path !== resolve(ROOT, 'package.json')) return undefined
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
  },
}

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
  /** Files of the web interface that are left out, by their path. */
  readonly leaveOut: RegExp
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
    // Failures and the errors of libraries name themselves. Names of functions would be 5 KiB of every cold start, for
    // stacks in a file of one line.
    keepNames: false,
    legalComments: 'inline',
    logLevel: 'warning',
    plugins: [fewerPages(options.leaveOut), versionOnly],
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
