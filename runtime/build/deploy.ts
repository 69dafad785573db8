import './ui.ts'
import { bundle, SPARED_BY_FRONTS } from './bundle.ts'

// `npm run build:deploy`: the front for Deno Deploy as one file, pages inside.
await bundle({
  entry: 'runtime/deploy.ts',
  outfile: 'dist/deploy.js',
  conditions: ['deno', 'worker', 'browser'],
  external: ['node:*'],
  leaveOut: SPARED_BY_FRONTS,
})
