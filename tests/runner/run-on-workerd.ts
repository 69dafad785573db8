import { join } from 'node:path'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import * as v from 'valibot'
import type { FileResult } from './run-files.ts'
import { ROOT } from './source-files.ts'

const TIMEOUT_MS = 30_000

const Results = v.array(v.object({ title: v.string(), skipped: v.boolean(), error: v.nullable(v.string()) }))

/** Runs test files inside workerd: one bundle for all, one request for each file. */
export async function runOnWorkerd(paths: readonly string[], report: (result: FileResult) => void): Promise<void> {
  const script = await bundle(paths)
  let workerd = start(script)
  try {
    for (const [index, path] of paths.entries()) {
      const started = performance.now()
      const result = await ask(workerd, index)
      report({ path, ...result, skips: [], ms: performance.now() - started })
      if (result.hung) {
        // An endless loop blocks the whole isolate; the next file gets a new one.
        await workerd.dispose()
        workerd = start(script)
      }
    }
  } finally {
    await workerd.dispose()
  }
}

const start = (script: string): Miniflare =>
  new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-07-30',
    compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
  })

/** Test files are loaded inside a request: at module scope workerd allows no timers, no random values and no fetch. */
async function bundle(paths: readonly string[]): Promise<string> {
  const files = paths.map((path) => `() => import(${JSON.stringify(`./${path}`)})`).join(',\n')
  const { outputFiles } = await build({
    stdin: {
      resolveDir: ROOT,
      contents: `
        import { runTestFile } from './tests/workerd/node-test.ts'
        const files = [${files}]
        export default {
          async fetch(request) {
            return Response.json(await runTestFile(files[Number(new URL(request.url).searchParams.get('file'))]))
          },
        }`,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
    alias: { 'node:test': join(ROOT, 'tests/workerd/node-test.ts') },
    external: ['node:assert', 'node:assert/strict'],
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

async function ask(
  workerd: Miniflare,
  index: number,
): Promise<Pick<FileResult, 'tally' | 'complaint'> & { hung: boolean }> {
  let results
  try {
    const asked = workerd.dispatchFetch(`http://localhost/?file=${index}`)
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`Still running after ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS).unref()
    })
    const response = await Promise.race([asked, late])
    results = v.parse(Results, JSON.parse(await response.text()))
  } catch (error) {
    return { tally: { passed: 0, failed: 1, skipped: 0 }, complaint: String(error), hung: true }
  }
  const failed = results.filter(({ error }) => error !== null)
  const skipped = results.filter((result) => result.skipped && result.error === null).length
  const complaint =
    results.length === 0 ? 'no test in it' : failed.map(({ title, error }) => `${title}\n${error}`).join('\n')
  return {
    tally: {
      passed: results.length - failed.length - skipped,
      failed: results.length === 0 ? 1 : failed.length,
      skipped,
    },
    complaint,
    hung: false,
  }
}
