import './ui.ts'
import { bundleTo } from './bundle.ts'

// `npm run build:worker`: the front for Workers (workerd) as one file, pages inside.
await bundleTo('worker.js', {
  entry: 'runtime/worker.ts',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*', 'cloudflare:*'],
})
