import * as v from 'valibot'
import { createStalkerDriver } from '../../../../adapters/sources/stalker/driver.ts'
import { stalkerSchema } from '../../../../core/source-kinds/stalker.ts'
import type { StalkerConfig } from '../../../../adapters/sources/stalker/config.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import type { Timers } from '../../../../adapters/sources/timers.ts'
import type { SourceDriver } from '../../../../adapters/sources/driver.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import { clip } from '../../../core/live/clips.ts'
import { createLiveLoop } from '../../../fakes/panel/live-loop.ts'
import { startPortal } from '../../../fakes/portal/index.ts'
import type { Air, Proxy, PortalBox, PortalMode, PortalQuirks, PortalServer } from '../../../fakes/portal/index.ts'
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
  readonly proxy?: Proxy
}): Promise<SocketHouse> {
  const { mode, boxes = [aBox(1), aBox(2)], quirks = {}, proxy } = options
  const isProxied = (port: number): boolean => proxy?.isOurs(port) ?? false
  const server = await startPortal({ mode, boxes, quirks, isProxied, air: clipAir() })
  const { log, lines } = createTestLog()
  const config: StalkerConfig = {
    id: sourceId('portal'),
    kind: 'stalker',
    name: 'Portal',
    enabled: true,
    maxStreams: null,
    priority: 0,
    bufferSeconds: 0,
    allowHosts: [],
    settings: v.parse(stalkerSchema, { url: server.url, macs: boxes.map(({ mac }) => mac), proxy: proxy?.url }),
  }
  const driver = createStalkerDriver(config, { log, now: Date.now, timers: hasty })
  return {
    server,
    driver,
    lines,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
