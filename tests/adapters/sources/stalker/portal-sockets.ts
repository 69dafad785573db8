import * as v from 'valibot'
import { createHttpClient } from '../../../../adapters/net/http-client.ts'
import { createHttpTransport } from '../../../../adapters/sources/stalker/http-transport.ts'
import { stalkerSchema } from '../../../../adapters/sources/stalker/schema.ts'
import { createStalkerSource } from '../../../../adapters/sources/stalker/source.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import type { Timers } from '../../../../adapters/sources/timers.ts'
import type { SourceDriver } from '../../../../adapters/sources/driver.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import { clip } from '../../../core/live/clips.ts'
import { createLiveLoop } from '../../../fakes/panel/live-loop.ts'
import { startPortal } from '../../../fakes/portal/index.ts'
import type { Air, PortalBox, PortalMode, PortalQuirks, PortalServer } from '../../../fakes/portal/index.ts'
import { createTestLog } from '../enigma2/receiver.ts'
import { aBox } from './portal-house.ts'

/** Pauses between questions pass a hundred times as fast; patience with streams is as long as it is. */
const hasty: Timers = { after: (ms, run) => systemTimers.after(ms <= 1000 ? ms / 100 : ms, run) }

const SEND_EVERY_MS = 20

/** A committed clip, for ever. */
export function clipAir(): Air {
  const loop = createLiveLoop(clip('h264-closed-ac3-mp2'))
  return (_channel, take) => {
    const startedAt = performance.now() - 500
    let sent = 0
    const send = (): void => {
      const end = loop.bytesAt(performance.now() - startedAt)
      if (end > sent) take(loop.read(sent, end))
      sent = end
    }
    send()
    const timer = setInterval(send, SEND_EVERY_MS)
    return () => clearInterval(timer)
  }
}

/** A source at a simulated portal, with sockets. */
export interface SocketHouse extends AsyncDisposable {
  readonly server: PortalServer
  readonly driver: SourceDriver
  readonly lines: readonly unknown[]
}

/** Starts a portal and makes a source of it. */
export async function socketHouse(options: {
  readonly mode: PortalMode
  readonly boxes?: readonly PortalBox[]
  readonly quirks?: Partial<PortalQuirks>
  readonly proxy?: string
}): Promise<SocketHouse> {
  const { mode, boxes = [aBox(1), aBox(2)], quirks = {} } = options
  const server = await startPortal({ mode, boxes, quirks, air: clipAir() })
  const { log, lines } = createTestLog()
  const url = new URL(server.url)
  const proxy = options.proxy === undefined ? null : new URL(options.proxy)
  const client = createHttpClient({ typedHosts: [url.hostname], allowHosts: [], userAgent: 'none', proxy })
  const driver = createStalkerSource(
    {
      id: sourceId('portal'),
      kind: 'stalker',
      name: 'Portal',
      enabled: true,
      maxStreams: null,
      priority: 0,
      bufferSeconds: 0,
      allowHosts: [],
      settings: v.parse(stalkerSchema, { url: server.url, macs: boxes.map(({ mac }) => mac) }),
    },
    {
      log,
      now: Date.now,
      timers: hasty,
      transport: createHttpTransport({ client, host: url.hostname, timers: systemTimers }),
      memory: null,
    },
  )
  return {
    server,
    driver,
    lines,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
