import { startListProvider } from '../lists/provider.ts'
import { startPanel } from '../panel/index.ts'
import { startPortal } from '../portal/index.ts'
import { createClipStore } from '../receiver/content.ts'
import { demoProviderList, demoProviderPanel, demoProviderPortal } from './programme.ts'
import { createTelevision } from './television.ts'

/** A call that a provider does not forgive: what was done, and to which source. */
export type ForbiddenCall = { readonly sourceId: string; readonly what: string }

/** A Stalker portal, an Xtream panel and a channel list on 127.0.0.1, with moving pictures. */
export interface Providers extends AsyncDisposable {
  /** The sources as a configuration file would name them. */
  readonly sources: readonly Readonly<Record<string, unknown>>[]
  /** What no client may do and this one did, since it was asked last. */
  takeForbidden(): readonly ForbiddenCall[]
}

const MACS = ['00:1A:79:DE:30:01', '00:1A:79:DE:30:02']

/** Starts all three. Pictures are made by FFmpeg in the background and kept in `cacheDir`; `signal` stops that. */
export async function startProviders(options: {
  readonly ffmpegPath: string
  readonly cacheDir: string
  readonly signal?: AbortSignal
}): Promise<Providers> {
  await using stack = new AsyncDisposableStack()
  const television = createTelevision({ clips: stack.use(createClipStore(options)) })
  const panel = stack.use(
    await startPanel({ model: demoProviderPanel, air: (id) => television.loop(panelName(id) ?? 'Panel') }),
  )
  const portal = stack.use(
    await startPortal({
      mode: 'stock4',
      model: demoProviderPortal,
      boxes: MACS.map((mac) => ({ mac, maxConnections: 1 })),
      air: (id, take) => television.air(portalName(id) ?? 'Portal', take),
    }),
  )
  const list = stack.use(
    await startListProvider({
      air: {
        live: (what, take) => television.air(listName(what), take),
        async segment(what, sequence) {
          const loop = await television.loop(listName(what))
          return loop.read(loop.bytesAt(sequence * 1000), loop.bytesAt((sequence + 1) * 1000))
        },
      },
    }),
  )
  list.serve('list.m3u', { body: listText(list.url), gzip: 'header' })
  television.prepare([
    ...demoProviderPanel.channels.filter(({ behaviour }) => typeof behaviour !== 'number').map(({ name }) => name),
    ...demoProviderPanel.films.map(({ name }) => name),
    ...demoProviderPortal.channels.map(({ name }) => name),
    ...demoProviderList.map(({ name }) => name),
  ])

  const [account] = demoProviderPanel.accounts
  const books = [
    { sourceId: 'panel', read: () => panel.observe().forbidden },
    { sourceId: 'portal', read: () => portal.portal.observe().forbidden },
    { sourceId: 'list', read: () => list.forbidden },
  ].map((book) => ({ ...book, told: 0 }))
  const owned = stack.move()
  return {
    sources: [
      {
        id: 'panel',
        kind: 'xtream',
        name: 'Simulated panel',
        url: panel.url,
        username: account?.username,
        password: account?.password,
        priority: 1,
      },
      { id: 'portal', kind: 'stalker', name: 'Simulated portal', url: portal.url, macs: MACS, priority: 2 },
      { id: 'list', kind: 'm3u', name: 'Simulated list', url: new URL('files/list.m3u', list.url).href, priority: 3 },
    ],
    takeForbidden: () =>
      books.flatMap((book) => {
        const calls = book.read()
        const news = calls.slice(book.told)
        book.told = calls.length
        return news.map((what) => ({ sourceId: book.sourceId, what }))
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const panelName = (id: number): string | undefined =>
  [...demoProviderPanel.channels, ...demoProviderPanel.films].find((one) => one.id === id)?.name

const portalName = (id: number): string | undefined => demoProviderPortal.channels.find((one) => one.id === id)?.name

const listName = (what: string): string => demoProviderList.find((one) => one.what === what)?.name ?? 'Liste'

const listText = (base: URL): string =>
  [
    '#EXTM3U',
    ...demoProviderList.flatMap(({ path, what, name, group }) => [
      `#EXTINF:-1 tvg-id="${what}.demo" group-title="${group}",${name}`,
      new URL(path, base).href,
    ]),
    '',
  ].join('\n')
