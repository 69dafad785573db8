import './ui.ts'
import { bundleTo } from './bundle.ts'

// `npm run build:deploy`: the front for Deno Deploy as one file, pages inside.
await bundleTo('deploy.js', {
  entry: 'runtime/deploy.ts',
  conditions: ['deno', 'worker', 'browser'],
  external: ['node:*'],
})
