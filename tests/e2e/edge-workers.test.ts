import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Miniflare } from 'miniflare'
import { runBuild } from '../runtime/build.ts'
import { testFrontLeases } from '../runtime/front-leases-suite.ts'
import { KEYS, testFront } from '../runtime/front-suite.ts'
import { testPublishing } from '../runtime/publishing-suite.ts'
import { ask } from '../runtime/http-client.ts'

/** What fits every plan of the platform, and starts in a moment. */
const MAX_GZIP_BYTES = 300 * 1024

const folder = mkdtempSync(join(tmpdir(), 'dl-worker-'))
const script = join(folder, 'worker.js')
await runBuild('worker', script)
after(() => rmSync(folder, { recursive: true, force: true }))

/** workerd with the bundle, listening on a port of its own. */
async function startWorker(
  bindings: Readonly<Record<string, string>>,
  stores: Readonly<Record<string, unknown>> = {},
): Promise<AsyncDisposable & { url: string }> {
  const workerd = new Miniflare({
    modules: true,
    script: readFileSync(script, 'utf8'),
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
    bindings,
    ...stores,
    host: '127.0.0.1',
    port: 0,
  })
  const url = (await workerd.ready).href.replace(/\/$/, '')
  return { url, [Symbol.asyncDispose]: () => workerd.dispose() }
}

testFront('the front on Workers', (env) => startWorker(env))
testPublishing('a front on Workers with KV', (env) =>
  startWorker(env, { kvNamespaces: ['DOWNLINK_KV'], kvPersist: join(folder, 'kv') }),
)
testPublishing('a front on Workers with D1', (env) =>
  startWorker(env, { d1Databases: ['DOWNLINK_DB'], d1Persist: join(folder, 'd1') }),
)

testFrontLeases('leases in a Durable Object of a front on Workers', (env) =>
  startWorker(env, { durableObjects: { DOWNLINK_LEASES: { className: 'Leases', useSQLite: true } } }),
)

test('a front on Workers without the Durable Object keeps no leases', async () => {
  await using front = await startWorker({
    DOWNLINK_LINK_KEYS: KEYS.old,
    DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1',
  })
  assert.equal((await fetch(`${front.url}/leases`, { method: 'POST' })).status, 404)
})

test('the bundle for Workers has at most 300 KiB gzip', () => {
  const bytes = gzipSync(readFileSync(script), { level: 9 }).length
  assert.ok(bytes <= MAX_GZIP_BYTES, `${bytes} bytes`)
})

test('a front on Workers without its settings says that the owner has to act, and no more', async () => {
  await using front = await startWorker({ DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1' })
  const answer = await ask(`${front.url}/playlist.m3u`)
  assert.equal(answer.status, 500)
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
  assert.equal((answer.json() as { code: string }).code, 'config/invalid')
})
