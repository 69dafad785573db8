import { createHousePlayouts } from '../../adapters/playout/house-playouts.ts'
import { DEFAULT_HOUSE } from '../../core/linear/house-format.ts'
import type { ShelvedFile } from '../../core/linear/line.ts'
import { DEFAULT_LOOKS } from '../../core/linear/looks.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import { createHub } from '../../core/live/create-hub.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { LogFacts } from '../../core/log.ts'

/** A channel of files with a relay above it, in this process. */
export interface PlayedHouse extends AsyncDisposable {
  /** Plays these one after the other, from so long ago on, and from the first one again at the end. */
  plan(list: readonly { readonly media: string; readonly ms: number }[], startedBefore?: number): void
  /** Resolves when the viewer has its first bytes. */
  watch(): Promise<{ readonly chunks: readonly Uint8Array[]; leave(): void }>
  /** Items that failed since the house was opened. */
  readonly failures: readonly LogFacts[]
}

const SOURCE = sourceId('bench')

/** Opens the house; slates are drawn before it is given. */
export async function playedHouse(options: {
  readonly ffmpeg: string
  readonly folder: string
  readonly files: ReadonlyMap<string, ShelvedFile>
}): Promise<PlayedHouse> {
  const { ffmpeg, folder, files } = options
  let items: readonly PlanItem[] = []
  const failures: LogFacts[] = []
  const log = (_level: unknown, event: string, facts: LogFacts = {}): void => {
    if (event === 'playout-item-failed') failures.push(facts)
  }
  const playout = createHousePlayouts({
    ffmpeg: { path: ffmpeg, version: null, origin: null, encoders: new Set(['libx264', 'aac']), notices: [] },
    ladder: { current: () => ({ kind: 'software' }), failed: () => {}, worked: () => {} },
    dir: folder,
    encoderLimit: () => null,
    log,
    now: Date.now,
    steady: () => performance.now(),
    timers: systemTimers,
  }).of({
    id: 'bench',
    name: 'Bench',
    house: DEFAULT_HOUSE,
    looks: DEFAULT_LOOKS,
    line: {
      items: (from, to) => items.filter(({ start, stop }) => stop > from && start < to),
      onChange: () => () => {},
    },
    shelf: { file: (media) => files.get(media) ?? null },
    live: { join: () => Promise.reject(new Error('There is no other channel')) },
  })
  const hub = createHub({
    source: () => ({ open: ({ sink, signal }) => playout.open(sink, signal), slots: () => null }),
    log,
    now: Date.now,
    lingerSeconds: 0,
  })
  const house: PlayedHouse = {
    failures,
    plan(list, startedBefore = 0) {
      let at = Date.now() - startedBefore
      items = [...list, ...list].map(({ media, ms }, index) => ({
        id: `${index}-${at}`,
        start: at,
        stop: (at += ms),
        kind: 'programme',
        media,
        inMs: 0,
        channel: null,
        text: null,
        guide: { group: String(index), isShown: true, title: media, subtitle: null },
      }))
    },
    async watch() {
      const chunks: Uint8Array[] = []
      const first = Promise.withResolvers<void>()
      const sink = {
        write(bytes: Uint8Array) {
          chunks.push(bytes)
          first.resolve()
          return true
        },
        close() {},
      }
      const viewer = { mode: 'ts', user: null, address: '127.0.0.1' } as const
      const seat = await hub.watch(CHANNEL, viewer, () => sink, new AbortController().signal)
      await first.promise
      return { chunks, leave: () => seat.leave() }
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  }
  const nothing = new AbortController()
  house.plan([{ media: '', ms: 60_000 }])
  const upstream = await playout.open({ data() {}, end() {} }, nothing.signal)
  upstream.close()
  failures.length = 0
  return house
}

const KEY = channelKey(1)
const CHANNEL: Channel = {
  key: KEY,
  id: channelId(KEY),
  number: '1',
  name: 'Bench',
  media: 'tv',
  groups: [],
  enabled: true,
  hasLogo: false,
  guide: null,
  streams: [
    {
      id: streamId(SOURCE, 'bench'),
      sourceId: SOURCE,
      item: 'bench',
      name: 'Bench',
      media: 'tv',
      serviceRef: null,
      programNumber: null,
      slotKey: 'bench',
    },
  ],
}
