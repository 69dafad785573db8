import { Failure } from '../../../core/errors.ts'
import type { GuideDocument } from '../../../core/guide/document.ts'
import type { CatalogueProgress } from '../../../core/lineup/catalogue.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { Upstream } from '../../../core/live/upstream.ts'
import { createHttpDocument } from '../../guide/http-document.ts'
import { createHttpClient } from '../../net/http-client.ts'
import { unlessAborted } from '../../net/unless-aborted.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { openHttpStream } from '../http-stream.ts'
import type { OpenHttpStream } from '../http-stream.ts'
import { openPastFile } from '../past-file.ts'
import { systemTimers } from '../timers.ts'
import { zoneOffset } from '../../../core/wall-clock.ts'
import { readChannelList } from './channel-list.ts'
import type { ChannelList } from './channel-list.ts'
import { createListCheck } from './check.ts'
import { listAt, listOnDisk } from './list-file.ts'
import type { ListFile, ListVersion } from './list-file.ts'
import type { ListItem } from './list-items.ts'
import { listNotices } from './notices.ts'
import type { M3uConfig } from './config.ts'

/** `firstByteMs`: how patient starts are. */
export type M3uPorts = DriverPorts & { readonly firstByteMs?: number }

/** How long a stream may stay without a decodable picture. */
const CLEAR_WITHIN_MS = 10_000
const LOGO_BYTES = 2 * 1024 * 1024
const LOGO_MS = 10_000
/** A list is read once for all who want it. It goes on when viewers have left, and ends with a refresh that was cancelled. */
const LIST_WITHIN_MS = 5 * 60_000

type Progress = (progress: CatalogueProgress) => void

/** A list on its way, and who waits for it. */
type Loading = {
  readonly list: Promise<ChannelList>
  readonly listeners: Set<Progress>
  readonly ending: AbortController
  askers: number
}

/**
 * The driver of a channel list (M3U). Addresses of channels, logos and guide are kept here alone and told to nobody; what
 * the list names may be in the local network only if the list is from there or `allowHosts` says so.
 */
export function createM3uSource(config: M3uConfig, ports: M3uPorts): SourceDriver {
  const { settings, id, name } = config
  const { now, timers = systemTimers, ownPorts } = ports
  const log: typeof ports.log = (level, event, facts) => ports.log(level, event, { sourceId: id, ...facts })
  const client = createHttpClient({
    typedHosts: [settings.url, settings.guideUrl].flatMap((url) =>
      url === undefined ? [] : [new URL(url.reveal()).hostname],
    ),
    allowHosts: config.allowHosts,
    userAgent: settings.userAgent,
    headers: Object.fromEntries(Object.entries(settings.headers).map(([header, value]) => [header, value.reveal()])),
    timers,
    ...(ownPorts === undefined ? {} : { ownPorts }),
  })
  const file: ListFile = settings.url === undefined ? listOnDisk(settings.file ?? '') : listAt(settings.url, client)
  const offsetAt = zoneOffset(settings.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone) ?? (() => 0)
  const closing = new AbortController()
  const running = new Set<OpenHttpStream>()
  let known: { readonly version: ListVersion; readonly list: ChannelList } | null = null
  let loading: Loading | null = null

  const load = async (ending: AbortSignal, onProgress: Progress): Promise<ChannelList> => {
    const overdue = new AbortController()
    const cancelTimer = timers.after(LIST_WITHIN_MS, () =>
      overdue.abort(new Failure('source/timeout', `The list has not come within ${LIST_WITHIN_MS / 60_000} minutes`)),
    )
    try {
      return await readList(AbortSignal.any([closing.signal, overdue.signal, ending]), onProgress)
    } finally {
      cancelTimer()
    }
  }
  const readList = async (signal: AbortSignal, onProgress: Progress): Promise<ChannelList> => {
    const startedAt = now()
    const opened = await file.open(known?.version ?? null, signal)
    if (opened === null && known !== null) return known.list
    if (opened === null)
      throw new Failure('source/bad-answer', 'The provider says that a list is unchanged that it never gave')
    const bytes = counted(opened.bytes, (done) => onProgress({ done, total: null, unit: 'bytes' }))
    const list = await readChannelList(id, { ...opened, bytes })
    const { length } = list.catalogue.items
    if (length === 0) throw new Failure('source/bad-answer', 'The list has no channel that can be played')
    known = { version: opened.version, list }
    log('info', 'list-read', { channels: length, problems: list.problems.count, durationMs: now() - startedAt })
    return list
  }
  const begin = (): Loading => {
    const ending = new AbortController()
    const listeners = new Set<Progress>()
    const list = load(ending.signal, (progress) => {
      for (const listener of listeners) listener(progress)
    }).finally(() => {
      if (loading === started) loading = null
    })
    const started: Loading = { list, listeners, ending, askers: 0 }
    return started
  }
  const loadOnce = async (signal: AbortSignal): Promise<ChannelList> => {
    closing.signal.throwIfAborted()
    const joined = (loading ??= begin())
    joined.askers += 1
    try {
      return await unlessAborted(signal, joined.list)
    } finally {
      joined.askers -= 1
    }
  }
  /** As `loadOnce`; when it is cancelled and nobody else waits for the list, that ends too. */
  const loadForRefresh = async (signal: AbortSignal, onProgress: Progress): Promise<ChannelList> => {
    closing.signal.throwIfAborted()
    const joined = (loading ??= begin())
    joined.listeners.add(onProgress)
    try {
      return await loadOnce(signal)
    } finally {
      joined.listeners.delete(onProgress)
      if (signal.aborted && joined.askers === 0) {
        if (loading === joined) loading = null
        joined.ending.abort(signal.reason)
      }
    }
  }
  const itemOf = async (stream: Pick<Stream, 'item' | 'name'>, signal: AbortSignal): Promise<ListItem> => {
    const { items } = known?.list ?? (await loadOnce(signal))
    const item = items.get(stream.item)
    if (item === undefined) throw new Failure('live/refused', `The list has no "${stream.name}" any more`)
    return item
  }

  const guideDocument: GuideDocument = {
    async open(version, signal) {
      const named = settings.guideUrl ?? known?.list.guideUrl ?? (await loadOnce(signal)).guideUrl
      if (named === null) throw new Failure('source/not-supported', 'The list names no guide')
      const document = createHttpDocument({
        client,
        url: named,
        name,
        named: settings.guideUrl === undefined ? 'answered' : 'typed',
      })
      return document.open(version, signal)
    },
  }

  return {
    id,
    kind: config.kind,
    name,
    guideDocument,
    async catalogue(signal, onProgress = () => {}) {
      signal.throwIfAborted()
      return (await loadForRefresh(signal, onProgress)).catalogue
    },
    // The guide is a document.
    async *guide() {},
    slots: () => config.maxStreams,
    sharesSlots: false,
    async open({ stream, sink, userAgent, signal }): Promise<Upstream> {
      const wanted = AbortSignal.any([signal, closing.signal])
      wanted.throwIfAborted()
      const item = await itemOf(stream, wanted)
      let opened: OpenHttpStream | null = null
      let isOver = false
      opened = await openHttpStream({
        client,
        url: item.revealUrl(),
        named: 'answered',
        headers: userAgent === undefined ? item.headers : { ...item.headers, 'User-Agent': userAgent },
        name: stream.name,
        ...(ports.firstByteMs === undefined ? {} : { firstByteMs: ports.firstByteMs }),
        sink: {
          data: (chunk) => sink.data(chunk),
          end(failure) {
            isOver = true
            if (opened !== null) running.delete(opened)
            sink.end(failure)
          },
        },
        timers,
        now,
        signal: wanted,
      })
      const line = opened
      if (!isOver) running.add(line)
      return {
        programNumber: stream.programNumber,
        clearWithinMs: CLEAR_WITHIN_MS,
        close() {
          running.delete(line)
          line.close()
        },
      }
    },
    past: {
      async openPast({ stream, span, range, signal }) {
        const wanted = AbortSignal.any([signal, closing.signal])
        wanted.throwIfAborted()
        const item = await itemOf(stream, wanted)
        const url = item.revealPast({ span, now: now(), offsetAt })
        if (url === null) throw new Failure('live/no-past', `The list names no catch-up for "${stream.name}"`)
        const { headers } = item
        const named = 'answered'
        return openPastFile({ client, url, named, headers, name: stream.name, range, timers, now, signal: wanted })
      },
    },
    async logo(item, signal) {
      const logo = known?.list.items.get(item)?.revealLogo() ?? null
      if (logo === null) return null
      try {
        const answer = await client.request(logo, {
          named: 'answered',
          headersMs: LOGO_MS,
          idleMs: LOGO_MS,
          maxBytes: LOGO_BYTES,
          signal: AbortSignal.any([signal, closing.signal]),
        })
        if (answer.status === 200) return await answer.bytes(LOGO_BYTES)
        answer.close()
        return null
      } catch (error) {
        // It will not become right by asking again.
        if (error instanceof Failure && error.code === 'source/forbidden-address') return null
        throw error
      }
    },
    check: createListCheck(file),
    notices: () => (known === null ? [] : listNotices(name, known.list)),
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      for (const stream of running) stream.close()
      running.clear()
      await client[Symbol.asyncDispose]()
    },
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    tell(bytes)
    yield chunk
  }
}
