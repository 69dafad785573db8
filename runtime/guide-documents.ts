import { createHttpDocument } from '../adapters/guide/http-document.ts'
import type { DocumentFeed } from '../adapters/guide/library.ts'
import { createHttpClient } from '../adapters/net/http-client.ts'
import type { HttpClient } from '../adapters/net/http-client.ts'
import { checkAllowedFile } from '../adapters/config/allowed-file.ts'
import { openEntryDesk } from '../adapters/config/entry-desk.ts'
import type { EntryDesk, Turn } from '../adapters/config/entry-desk.ts'
import type { EntryStore } from '../adapters/store/entry-store.ts'
import type { Config, GuideFeedConfig } from '../core/config.ts'
import { readGuideFeed, TAKEN_FEED_IDS } from '../core/config/guide-feeds.ts'
import type { Log } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'

/** Makes feeds of configured documents, and owns what fetches them. */
export interface DocumentMaker extends AsyncDisposable {
  /** The feed of a document. The same `origin` as before: it is fetched from the same place in the same way. */
  make(config: GuideFeedConfig): { readonly feed: DocumentFeed; readonly origin: string }
  /** Closes what fetches all others, and what was replaced. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>
}

/** Makes documents. `ownPorts`: where this program listens, which nobody may send us to. */
export function createDocumentMaker({ ownPorts }: { readonly ownPorts: () => readonly number[] }): DocumentMaker {
  const clients = new Map<string, { readonly origin: string; readonly client: HttpClient }>()
  /** Out of use; what they still fetch is ended first. */
  const retired: HttpClient[] = []

  const retire = (id: string): void => {
    const known = clients.get(id)
    clients.delete(id)
    if (known !== undefined) retired.push(known.client)
  }
  const closeRetired = async (): Promise<void> => {
    await Promise.all(retired.splice(0).map((client) => client[Symbol.asyncDispose]()))
  }
  const clientOf = (config: GuideFeedConfig, { url, origin }: { readonly url: Secret; readonly origin: string }) => {
    const known = clients.get(config.id)
    if (known?.origin === origin) return known.client
    retire(config.id)
    const client = createHttpClient({
      typedHosts: [new URL(url.reveal()).hostname],
      allowHosts: config.allowHosts,
      userAgent: config.userAgent ?? 'downlink',
      headers: revealed(config.headers),
      ownPorts,
    })
    clients.set(config.id, { origin, client })
    return client
  }

  return {
    make(config) {
      const { id, name, at, language } = config
      const origin = originOf(config)
      if (at.kind === 'file') return { origin, feed: { id, name, document: { path: at.path }, language } }
      const client = clientOf(config, { url: at.url, origin })
      return { origin, feed: { id, name, document: createHttpDocument({ client, url: at.url, name }), language } }
    },
    async keepOnly(ids) {
      for (const id of clients.keys()) if (!ids.has(id)) retire(id)
      await closeRetired()
    },
    async [Symbol.asyncDispose]() {
      for (const id of clients.keys()) retire(id)
      await closeRetired()
    },
  }
}

/** All that a document's content depends on. Holds secrets: for comparing only. */
const originOf = ({ at, language, userAgent, headers, allowHosts }: GuideFeedConfig): string =>
  JSON.stringify([
    at.kind === 'file' ? at.path : at.url.reveal(),
    at.kind,
    language,
    userAgent,
    revealed(headers),
    allowHosts,
  ])

const revealed = (headers: Readonly<Record<string, Secret>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, value.reveal()]))

/** The list of guide documents: those of the configuration and those that the owner edits here. */
export const openGuideEntries = (options: {
  readonly config: Pick<Config, 'guide' | 'dataDir' | 'paths'>
  readonly store: EntryStore
  readonly isTaken: (id: string) => boolean
  /** Takes over what has changed. */
  readonly apply: () => Promise<void>
  readonly turn: Turn
  readonly log: Log
}): Promise<EntryDesk<GuideFeedConfig>> =>
  openEntryDesk<GuideFeedConfig>({
    ...options,
    name: 'guide',
    fixed: options.config.guide.xmltv.map((value) => {
      const { at: _at, userAgent: _userAgent, headers: _headers, ...shown } = value
      return { managedBy: 'file', shown, value }
    }),
    read: (written) => readGuideFeed(written, 'guide'),
    keysOf: ({ at, ...others }) => ({ ...others, ...(at.kind === 'url' ? { url: at.url } : { file: at.path }) }),
    async check({ at }) {
      if (at.kind === 'url') return
      const folders = [options.config.dataDir, ...options.config.paths.allow]
      await checkAllowedFile(at.path, { key: 'guide.file', folders })
    },
    isTaken: (id) => TAKEN_FEED_IDS.includes(id) || options.isTaken(id),
    unknown: 'guide/unknown-feed',
  })
