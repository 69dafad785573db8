import { gzipSync } from 'node:zlib'
import { Miniflare } from 'miniflare'
import { buildWorker, COMPATIBILITY } from './edge-worker.ts'
import type { Figure } from './measure.ts'

/** Size of the Workers bundle, and its first answer in workerd. */
export async function edgeFigures(): Promise<Figure[]> {
  const built = buildWorker()
  if ('problem' in built)
    return [
      {
        name: 'edge bundle',
        value: null,
        unit: 'kB gzip',
        aim: '≤ 300',
        method: 'dist/worker.js',
        skipped: built.problem,
      },
    ]
  const { script } = built
  const start = performance.now()
  const miniflare = new Miniflare({
    modules: true,
    script,
    ...COMPATIBILITY,
    bindings: {
      DOWNLINK_LINK_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
      DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:9',
    },
  })
  await miniflare.ready
  const ready = performance.now()
  await (await miniflare.dispatchFetch('http://localhost/healthz')).text()
  const first = performance.now()
  await miniflare.dispose()
  return [
    {
      name: 'edge bundle',
      value: gzipSync(script).length / 1000,
      unit: 'kB gzip',
      aim: '≤ 300',
      method: 'dist/worker.js with the web interface inside',
    },
    {
      name: 'edge cold start',
      value: first - ready,
      unit: 'ms',
      aim: '-',
      method: `first answer after workerd is ready, in miniflare (workerd itself took ${Math.round(ready - start)} ms)`,
    },
  ]
}
