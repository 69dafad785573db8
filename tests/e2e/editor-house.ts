import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { createLineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import type { LineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { systemRandom } from '../../core/access/random.ts'
import { createShortLinks } from '../../core/access/short-link.ts'
import { createTokens } from '../../core/access/token-desk.ts'
import { createTokenMint } from '../../core/access/token-mint.ts'
import { jobId } from '../../core/jobs/job.ts'
import type { SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { SourceStatus } from '../../handlers/gateway.ts'
import { createApp } from '../../handlers/app.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { logoFace } from '../../handlers/logo.ts'
import { shortLinkFace } from '../../handlers/short-links/face.ts'
import { createMemoryTokens } from '../fakes/access-store.ts'
import { ADMIN, cookieOf, fakeHouse } from '../fakes/gateway.ts'
import { createMemoryLineupStore } from '../fakes/memory-lineup-store.ts'
import { createMemoryPictures } from '../fakes/memory-pictures.ts'
import { createMemoryShortLinks } from '../fakes/short-link-store.ts'
import { openPage } from './pages.ts'

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
}

/** A PNG of one red dot: a browser shows it. */
export const DOT = new Uint8Array(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM4ISAAAAKMAOl1X4TIAAAAAElFTkSuQmCC', 'base64'),
)

/** A house whose line-up is edited for real, served to a browser in which its admin is signed in. */
export type EditorHouse = {
  readonly origin: string
  readonly keeper: LineupKeeper
  /** Bodies of changing requests, as they came. */
  readonly bodies: { readonly path: string; readonly text: string }[]
  open(browser: Browser, how?: { readonly phone: boolean }): ReturnType<typeof openPage>
  close(): Promise<void>
}

/** Starts the house over the built pages in `folder`; its sources have these catalogues. */
export async function startEditorHouse(folder: string, catalogues: readonly SourceCatalogue[]): Promise<EditorHouse> {
  const keeper = createLineupKeeper({
    store: createMemoryLineupStore(),
    priority: () => catalogues.map(({ sourceId }) => sourceId),
    now: () => 0,
    log: () => {},
  })
  await keeper.load()
  for (const catalogue of catalogues) await keeper.sync(catalogue)
  const pictures = createMemoryPictures({ 'https://logos.test/ard.png': DOT })
  const admin = {
    stopStream: () => false,
    stopViewer: () => false,
    switchStream: () => false,
    refreshSource: () => jobId('j1'),
    lineup: keeper,
    pictures: pictures.desk,
  }
  const sources = catalogues.map(({ sourceId: id, items }): SourceStatus => ({
    id,
    kind: 'm3u',
    name: `Source ${id}`,
    state: 'ready',
    slots: null,
    channels: items.length,
    lastRefresh: 0,
    problem: null,
    answered: true,
  }))
  const pages = {
    page: (path: string) => ({
      bytes: new Uint8Array(readFileSync(join(folder, path))),
      contentType: TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      gzip: false,
      tag: path,
    }),
  }
  const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
  const store = createMemoryTokens()
  const access = { ring, mint: createTokenMint(ring), random: systemRandom, now: Date.now }
  const house = fakeHouse({
    accounts: [ADMIN],
    sources,
    gateway: {
      lineup: keeper,
      admin,
      tokens: createTokens({ ...access, store }),
      shortLinks: createShortLinks({ ...access, tokens: store, store: createMemoryShortLinks(new Map()) }),
      pages,
      now: Date.now,
      logos: {
        async logo({ ownLogo = '' }) {
          const bytes = pictures.kept.get(ownLogo)
          return bytes === undefined ? null : { bytes, contentType: 'image/png', tag: ownLogo }
        },
      },
      changes: { subscribe: (listener) => keeper.onChange(() => listener({ kind: 'lineup' })) },
    },
  })
  const { cookie } = await cookieOf(house, 'jo')
  const app = createApp(house.gateway, {
    viewing: [logoFace],
    linked: [],
    named: [shortLinkFace],
    api: houseApi,
  })
  const bodies: { path: string; text: string }[] = []
  const fetch = async (request: Request): Promise<Response> => {
    if (request.method === 'GET' || request.method === 'HEAD') return app.fetch(request)
    const body = await request.arrayBuffer()
    bodies.push({ path: new URL(request.url).pathname, text: new TextDecoder().decode(body) })
    const { method, headers } = request
    return app.fetch(new Request(request.url, { method, headers, ...(body.byteLength > 0 && { body }) }))
  }
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
    const started = serve({ fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: started, port: info.port }),
    )
  })
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    keeper,
    bodies,
    async open(browser, how) {
      const opened = await openPage(browser, origin, how)
      const [name = '', ...value] = cookie.split('=')
      await opened.context.addCookies([{ name, value: value.join('='), url: origin }])
      return opened
    },
    close: () =>
      new Promise<void>((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
