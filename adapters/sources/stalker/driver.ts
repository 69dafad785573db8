import { createHttpClient } from '../../net/http-client.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { systemTimers } from '../timers.ts'
import { BOX_USER_AGENT } from './box-headers.ts'
import { createHttpTransport } from './http-transport.ts'
import type { StalkerConfig } from './config.ts'
import { createStalkerSource } from './source.ts'

/** The driver of a portal over the network: through its proxy where one is configured, and then by no other way. */
export function createStalkerDriver(config: StalkerConfig, ports: DriverPorts): SourceDriver {
  const { url, proxy } = config.settings
  const { timers = systemTimers, ownPorts } = ports
  const client = createHttpClient({
    typedHosts: [url.hostname],
    allowHosts: config.allowHosts,
    userAgent: BOX_USER_AGENT,
    proxy: proxy === undefined ? null : new URL(proxy.reveal()),
    timers,
    ...(ownPorts === undefined ? {} : { ownPorts }),
  })
  const source = createStalkerSource(config, {
    ...ports,
    transport: createHttpTransport({ client, host: url.hostname, timers, now: ports.now }),
  })
  return {
    ...source,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}
