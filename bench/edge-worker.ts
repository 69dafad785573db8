import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WORKER = fileURLToPath(new URL('../dist/worker.js', import.meta.url))

/** How Workers run the front. */
export const COMPATIBILITY = {
  compatibilityDate: '2026-07-01',
  compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
}

/** Builds the front for Workers as it is now; gives its source, or why there is none. */
export function buildWorker(): { readonly script: string } | { readonly problem: string } {
  const built = spawnSync(process.execPath, ['runtime/build/worker.ts'], { cwd: ROOT, encoding: 'utf8' })
  return built.status === 0 ? { script: readFileSync(WORKER, 'utf8') } : { problem: built.stderr.slice(0, 200) }
}
