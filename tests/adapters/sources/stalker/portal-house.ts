import assert from 'node:assert/strict'
import * as v from 'valibot'
import { stalkerSchema } from '../../../../core/source-kinds/stalker.ts'
import type { StalkerConfig } from '../../../../adapters/sources/stalker/config.ts'
import { createStalkerSource } from '../../../../adapters/sources/stalker/source.ts'
import type { StalkerPorts } from '../../../../adapters/sources/stalker/source.ts'
import type { PortalTransport } from '../../../../adapters/sources/stalker/transport.ts'
import type { SourceDriver } from '../../../../adapters/sources/driver.ts'
import { Failure } from '../../../../core/errors.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import type { Stream } from '../../../../core/lineup/stream.ts'
import type { Upstream } from '../../../../core/live/upstream.ts'
import { createSink, toStream } from '../../../conformance/source.ts'
import { createPortal, demoPortal, fileReply, fileSize } from '../../../fakes/portal/index.ts'
import type { Portal, PortalBox, PortalMode, PortalModel, PortalQuirks } from '../../../fakes/portal/index.ts'
import { settle } from '../../../fakes/virtual-time.ts'
import { createManualTimers } from '../enigma2/manual-timers.ts'
import type { ManualTimers } from '../enigma2/manual-timers.ts'
import { createTestLog } from '../enigma2/receiver.ts'

/** MACs of an owner, by number. */
export const mac = (number: number): string => `00:1A:79:00:00:${number.toString(16).toUpperCase().padStart(2, '0')}`

/** A box with one stream at a time. */
export const aBox = (number: number, fields: Partial<PortalBox> = {}): PortalBox => ({
  mac: mac(number),
  maxConnections: 1,
  ...fields,
})

/** What a house is made of. */
export type HouseOptions = {
  readonly mode?: PortalMode
  readonly boxes?: readonly PortalBox[]
  readonly quirks?: Partial<PortalQuirks>
  readonly model?: PortalModel
  /** Keys of the source beside `url` and `macs`. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly maxStreams?: number
  readonly ports?: Partial<StalkerPorts>
  readonly url?: string
}

/** A source at a simulated portal, without sockets and on a clock that only the test moves. */
export interface House {
  readonly portal: Portal
  readonly source: SourceDriver
  readonly clock: ManualTimers
  readonly lines: readonly { event: string; facts: unknown }[]
  /** Waits for work, moving the clock as far as the work waits for it. */
  run<T>(work: Promise<T>): Promise<T>
  /** Lets time pass, with all that happens in it. */
  pass(ms: number): Promise<void>
  stream(key: string): Promise<Stream>
  open(key: string): Promise<Upstream & ReturnType<typeof createSink>>
  forbidden(): readonly string[]
  calls(action: string): number
}

const ORIGIN = 'http://portal.example'

/** Makes the house of one source. */
export function portalHouse(options: HouseOptions = {}): House {
  const { mode = 'stock4', boxes = [aBox(1)], quirks = {}, model = demoPortal() } = options
  const clock = createManualTimers()
  const portal = createPortal({ mode, boxes, quirks, model, now: () => clock.now(), origin: () => ORIGIN })
  const { log, lines } = createTestLog()
  const folder = mode === 'stock4' || mode === 'stock5' ? '/stalker_portal/c/' : '/c/'
  const config: StalkerConfig = {
    id: sourceId('portal'),
    kind: 'stalker',
    name: 'Portal',
    enabled: true,
    maxStreams: options.maxStreams ?? null,
    priority: 0,
    bufferSeconds: 0,
    allowHosts: [],
    settings: v.parse(stalkerSchema, {
      url: options.url ?? `${ORIGIN}${folder}`,
      macs: boxes.map((box) => box.mac),
      ...options.settings,
    }),
  }
  const source = createStalkerSource(config, {
    log,
    now: () => clock.now(),
    timers: clock,
    transport: memoryTransport(portal, clock),
    ...options.ports,
  })

  const streams = new Map<string, Stream>()
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false
    const mark = (): void => void (isDone = true)
    work.then(mark, mark)
    for (let turn = 0; turn < 100_000; turn++) {
      await settle()
      if (isDone) return work
      const wait = clock.soonest()
      assert.ok(wait !== null, 'the work waits for something that never comes')
      clock.advance(wait)
    }
    throw new Error('the work does not end')
  }
  const stream = async (key: string): Promise<Stream> => {
    const { items } = await run(source.catalogue(new AbortController().signal))
    const item = items.find((one) => one.item === key)
    assert.ok(item, `"${key}" should be listed`)
    return toStream(source, item)
  }
  return {
    portal,
    source,
    clock,
    lines,
    run,
    stream,
    async pass(ms) {
      const end = clock.now() + ms
      for (;;) {
        await settle()
        const wait = clock.soonest()
        if (wait === null || clock.now() + wait > end) break
        clock.advance(wait)
      }
      clock.advance(Math.max(0, end - clock.now()))
      await settle()
    },
    async open(key) {
      const wanted = streams.get(key) ?? (await stream(key))
      streams.set(key, wanted)
      const sink = createSink()
      const signal = new AbortController().signal
      const upstream = await run(source.open({ stream: wanted, sink, previous: null, signal }))
      return { ...upstream, ...sink }
    },
    forbidden: () => portal.observe().forbidden,
    calls: (action) => portal.observe().calls[action] ?? 0,
  }
}

const CHUNK = new Uint8Array(188 * 7).fill(0x47)
const MOST_HOPS = 5

/** A question takes its turns, but no time of the clock. */
async function underWay(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

/** Carries calls into the inside of a portal. What a host name stands for is known to it alone. */
export function memoryTransport(portal: Portal, clock: ManualTimers): PortalTransport {
  const headersOf = (headers: Readonly<Record<string, string>>) => Object.entries(headers)
  return {
    async get({ url, headers, signal }) {
      const done = portal.observer.begin()
      await underWay()
      done()
      signal.throwIfAborted()
      const {
        status,
        headers: told,
        body,
      } = portal.answer({ method: 'GET', url, headers: headersOf(headers), via: 'direct' })
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      return { status, location: told['Location'] ?? null, body: bytes }
    },
    async stream({ url, headersFor, firstByteMs, sink, signal }) {
      let target = url
      for (let hop = 0; hop < MOST_HOPS; hop++) {
        await underWay()
        signal.throwIfAborted()
        const played = portal.play({
          method: 'GET',
          url: target,
          headers: headersOf(headersFor(target)),
          via: 'direct',
        })
        if ('status' in played) {
          const { status, headers } = played
          if (status !== 302) throw new Failure('live/refused', `The stream answers with status ${status}`, { status })
          target = new URL(headers['Location'] ?? '', target)
          continue
        }
        const { box, fault } = played
        if (fault?.kind === 'status')
          throw new Failure('live/refused', `The stream answers with status ${fault.status}`, { status: fault.status })
        let isOpen = true
        const stream = portal.streams.open(box, () => {
          if (isOpen) sink.end(new Failure('live/ended', 'The stream ended'))
          isOpen = false
        })
        const close = (): void => {
          isOpen = false
          stream.close()
        }
        if (fault?.kind === 'silent') {
          try {
            await silence(clock, firstByteMs, signal)
          } finally {
            close()
          }
        }
        sink.data(CHUNK)
        return { close }
      }
      throw new Failure('live/refused', 'The stream is sent on and on')
    },
    async file({ url, headersFor, range, signal }) {
      await underWay()
      signal.throwIfAborted()
      const asked = range === null ? {} : { Range: `bytes=${range.first}-${range.last ?? ''}` }
      const headers = headersOf({ ...headersFor(url), ...asked })
      const call = { method: 'GET', url, headers, via: 'direct' } as const
      const played = portal.play(call)
      const {
        status,
        headers: told,
        body,
      } = 'status' in played ? played : fileReply(call, fileSize(portal, played.target.id))
      const stream = 'status' in played ? null : portal.streams.open(played.box, () => {})
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)
      return {
        status,
        headers: new Headers(told),
        body: new Response(bytes).body ?? new ReadableStream(),
        close: async () => stream?.close(),
      }
    },
  }
}

function silence(clock: ManualTimers, ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = clock.after(ms, () => reject(new Failure('live/silent', `The stream sends nothing for ${ms} ms`)))
    signal.addEventListener('abort', () => {
      cancel()
      reject(signal.reason)
    })
  })
}
