import './ui.ts'
import { bundle, SPARED_BY_FRONTS } from './bundle.ts'

// `npm run build:worker`: the front for Workers (workerd) as one file, pages inside.
await bundle({
  entry: 'runtime/worker.ts',
  outfile: 'dist/worker.js',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*', 'cloudflare:*'],
  leaveOut: SPARED_BY_FRONTS,
})
