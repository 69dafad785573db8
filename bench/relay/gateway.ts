import { openStream } from '../../adapters/sources/enigma2/stream-client.ts'
import { systemTimers } from '../../adapters/sources/timers.ts'
import { createHub } from '../../core/live/create-hub.ts'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Env } from '../../handlers/env.ts'
import type { BodyOutlet } from '../../handlers/gateway.ts'
import { liveFace } from '../../handlers/live.ts'
import type { LivePorts } from '../../handlers/live.ts'
import { createLocalLink } from '../../adapters/link/local-link.ts'
import type { Caller } from '../../core/access/caller.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import { Hono } from 'hono'

const source = sourceId('origin')

const channel: Channel = {
  key: channelKey(1),
  id: channelId(channelKey(1)),
  number: '1',
  name: 'Bench',
  media: 'tv',
  groups: [],
  enabled: true,
  hasLogo: false,
  guide: null,
  streams: [
    {
      id: streamId(source, 'bench'),
      sourceId: source,
      item: 'bench',
      name: 'Bench',
      media: 'tv',
      serviceRef: null,
      programNumber: 1,
      slotKey: 'bench',
    },
  ],
}

/** The way of raw TS through the house and nothing else: stream client, hub, outlet. */
export function benchApp(outlet: BodyOutlet, originPort: number): Hono<Env> {
  const hub = createHub({
    source: () => ({
      slots: () => null,
      async open({ sink, signal }) {
        const stream = await openStream({
          host: '127.0.0.1',
          port: originPort,
          path: '1:0:19:1:1:1:C00000:0:0:0:',
          hostHeader: (address) => `${address}:${originPort}`,
          authorization: null,
          limits: { connectMs: 3000, headerMs: 5000, firstByteMs: 5000 },
          sink,
          timers: systemTimers,
          now: Date.now,
          signal,
        })
        return { programNumber: 1, clearWithinMs: 3000, close: stream.close }
      },
    }),
    log: () => {},
    now: Date.now,
    lingerSeconds: 1,
  })
  const gateway: LivePorts = {
    lineup: { current: () => indexLineup({ revision: '1', channels: [channel], groups: [] }) },
    live: createLocalLink({
      hub: () => hub,
      hls: { hls: () => Promise.reject(new TypeError('Not measured here')) },
      door: null,
    }),
    outlet,
    audioTs: 'original',
    now: Date.now,
  }
  return new Hono<Env>()
    .use(async (c, next) => {
      c.set('caller', CALLER)
      return next()
    })
    .route('/', liveFace(gateway))
}

const CALLER: Caller = {
  kind: 'anonymous',
  user: null,
  role: 'viewer',
  address: '127.0.0.1',
  loopback: true,
  mayWatch: true,
  prefix: '',
}
