import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { leanHls } from './lean-hls.ts'

/**
 * Builds the pages into `dist/ui`: one `index.html`, everything else under `/assets/` with a hash in its name.
 *
 * `npx vite ui` serves them with reload while a gateway answers on port 18080.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses: the pages work below any prefix that a proxy puts in front (`src/api/base.ts`, `handlers/index-page.ts`).
  base: './',
  plugins: [leanHls()],
  build: {
    outDir: fileURLToPath(new URL('../dist/ui', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome111', 'firefox121', 'safari16.4'],
    // Data URLs would need holes in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/live', '/hls', '/logo', '/playlist.m3u', '/xmltv.xml'].map((path) => [path, 'http://127.0.0.1:18080']),
    ),
  },
})
