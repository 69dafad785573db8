import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { createLineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import type { LineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import { jobId } from '../../core/jobs/job.ts'
import type { SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { SourceStatus } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeHouse } from '../fakes/gateway.ts'
import { createMemoryLineupStore } from '../fakes/memory-lineup-store.ts'
import { openPage } from './pages.ts'

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
}

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
  const admin = {
    stopStream: () => false,
    stopViewer: () => false,
    switchStream: () => false,
    refreshSource: () => jobId('j1'),
    lineup: keeper,
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
  const house = fakeHouse({
    accounts: [ADMIN],
    sources,
    gateway: {
      lineup: keeper,
      admin,
      pages,
      now: Date.now,
      changes: { subscribe: (listener) => keeper.onChange(() => listener({ kind: 'lineup' })) },
    },
  })
  const { cookie } = await cookieOf(house, 'jo')
  const bodies: { path: string; text: string }[] = []
  const fetch = async (request: Request): Promise<Response> => {
    if (request.method === 'GET' || request.method === 'HEAD') return house.app.fetch(request)
    const text = await request.text()
    bodies.push({ path: new URL(request.url).pathname, text })
    const { method, headers } = request
    return house.app.fetch(new Request(request.url, { method, headers, ...(text !== '' && { body: text }) }))
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
