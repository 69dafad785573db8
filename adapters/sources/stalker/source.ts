import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import type { CatalogueProgress } from '../../../core/lineup/catalogue.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { systemTimers } from '../timers.ts'
import { createPanelClock } from '../xtream/panel-clock.ts'
import { zoneOffset } from '../../../core/wall-clock.ts'
import { createArchive } from './archive.ts'
import { ACCOUNT_QUERY } from './box-queries.ts'
import { accountOff, createBoxSession } from './box-session.ts'
import type { BoxSession } from './box-session.ts'
import { listChannels, toCatalogue } from './channel-list.ts'
import type { ChannelList } from './channel-list.ts'
import { expiryOf } from './expiry.ts'
import { readGuide } from './guide.ts'
import { looseText, member } from './loose.ts'
import { createMacPool } from './mac-pool.ts'
import { portalNotices } from './notices.ts'
import { createPortalOpener } from './opener.ts'
import { createPortalCheck } from './check.ts'
import { createPacer } from './pacer.ts'
import { logoBase } from './portal-address.ts'
import { createPortalClient } from './portal-client.ts'
import type { PortalChannel } from './rows.ts'
import type { StalkerConfig } from './config.ts'
import type { PortalTransport } from './transport.ts'
import { seatsOf } from './seats.ts'
import { createVod } from './vod.ts'
import { createWatchdog } from './watchdog.ts'
import type { PortalEvent } from './watchdog.ts'

/** `transport`: the way to the portal. */
export type StalkerPorts = DriverPorts & { readonly transport: PortalTransport }

/** Portals count a closed connection for a moment. */
const CLOSING_MS = 300
const MOST_MESSAGES = 3

/**
 * The driver of one Stalker or Ministra portal, or of a panel that imitates one. Which of them it is shows in what it
 * answers; nothing here asks its name. Every MAC belongs to the owner, and is used as a box would.
 */
export function createStalkerSource(config: StalkerConfig, ports: StalkerPorts): SourceDriver {
  const { now, transport, memory = null, timers = systemTimers } = ports
  const { settings } = config
  const { timezone } = settings
  const log: typeof ports.log = (level, event, facts) => ports.log(level, event, { sourceId: config.id, ...facts })
  const closing = new AbortController()
  const pacer = createPacer(timers)
  const client = createPortalClient({ url: settings.url, timezone, transport, pacer, now, closing: closing.signal })
  const clock = createPanelClock({ timezone, timestampNow: null, timeNow: '' })

  let list: ChannelList | null = null
  let isListOld = false
  let messages: readonly string[] = []

  const boxes: readonly BoxSession[] = settings.macs.map((entry, index) => {
    const box: BoxSession = createBoxSession({
      entry,
      number: index + 1,
      client,
      memory,
      isTaken: (urgency) => (urgency === 'play' ? pool.isStreaming(box) : pool.isHeld(box)),
      onTrouble(kind, reason) {
        pool.mark(box, kind, reason)
        log('warn', `mac-${kind}`, { mac: box.number, code: reason.code, detail: reason.message })
      },
      onSignedIn: () => pool.works(box),
      now,
      closing: closing.signal,
    })
    return box
  })
  const pool = createMacPool({ boxes, perMac: settings.streamsPerMac, limit: config.maxStreams, now })

  const isUsable = (box: BoxSession): boolean => pool.state(box).kind === 'ready'
  /** The MAC for questions that can wait: one without a stream if there is one. */
  const idleBox = (): BoxSession => {
    const usable = boxes.filter(isUsable)
    const box = usable.find((one) => !pool.isHeld(one)) ?? usable[0]
    if (box === undefined) throw pool.whyNone(() => true)
    return box
  }
  const onEvent = (box: BoxSession, event: PortalEvent): void => {
    log('info', 'portal-event', { mac: box.number, kind: event.kind })
    switch (event.kind) {
      case 'message':
        messages = [event.text, ...messages.filter((text) => text !== event.text)].slice(0, MOST_MESSAGES)
        return
      case 'list-changed':
        isListOld = true
        return
      case 'cut-off':
        pool.mark(box, 'refused', accountOff(box.number))
        opener.endAll(box, accountOff(box.number))
        return
      default:
        event satisfies never
    }
  }
  const watchdog = createWatchdog({ onEvent, timers, log, closing: closing.signal })

  const refresh = async (
    signal: AbortSignal,
    onProgress: (progress: CatalogueProgress) => void = () => {},
  ): Promise<ChannelList> => {
    const whyNone = (): Failure => pool.whyNone(() => true)
    const { radio } = settings
    const fresh = await listChannels({ boxes, radio, isUsable, whyNone, previous: list, log, onProgress, signal })
    list = fresh
    isListOld = false
    for (const box of fresh.byBox.keys()) if (isUsable(box)) await learnExpiry(box, signal)
    return fresh
  }
  /** Panels tell the end of an account in different places; not knowing it is no reason to fail. */
  const learnExpiry = async (box: BoxSession, signal: AbortSignal): Promise<void> => {
    try {
      const { js } = await box.ask(ACCOUNT_QUERY, { urgency: 'list', signal })
      const texts = ['end_date', 'expire_date', 'phone'].map((key) => v.parse(looseText, member(js, key)))
      const found = texts.map(expiryOf).find((expiry) => expiry !== null)
      if (found !== undefined && found !== null) box.learnExpiry(found)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
    }
  }

  const channelOf = async (stream: Stream, signal: AbortSignal): Promise<PortalChannel> => {
    const known = (list ?? (await refresh(signal))).channels.get(stream.item)
    if (known === undefined) throw new Failure('live/refused', `The portal does not list "${stream.name}" any more`)
    return known
  }
  const opener = createPortalOpener({
    pool,
    transport,
    watchdog,
    timezone,
    endpoint: () => client.endpoint(),
    channelOf,
    has: (box, channel) => list?.has(box, channel.key) ?? true,
    log,
  })

  const picture = async (address: string, signal: AbortSignal): Promise<Uint8Array | null> => {
    const endpoint = client.endpoint()
    const url = address === '' || endpoint === null ? null : URL.parse(address, logoBase(endpoint))
    return url === null ? null : client.picture(url, idleBox().identity, signal)
  }
  const vod = createVod({
    pool,
    transport,
    watchdog,
    timezone,
    endpoint: () => client.endpoint(),
    box: idleBox,
    picture,
    closing: closing.signal,
    now,
  })

  const offsetAt = zoneOffset(timezone) ?? (() => 0)
  const past = createArchive({
    pool,
    transport,
    watchdog,
    timezone,
    endpoint: () => client.endpoint(),
    channelOf,
    has: (box, channel) => list?.has(box, channel.key) ?? true,
    clock: clock.parse,
    dateAt: (instant) => new Date(instant + offsetAt(instant)).toISOString().slice(0, 10),
    closing: closing.signal,
  })

  return {
    id: config.id,
    kind: config.kind,
    name: config.name,
    sharesSlots: false,
    closingMs: CLOSING_MS,
    async catalogue(asked, onProgress) {
      const signal = AbortSignal.any([asked, closing.signal])
      return toCatalogue(config.id, await refresh(signal, onProgress))
    },
    guide: (channels, window, asked) =>
      readGuide(
        { box: idleBox, clock: clock.parse, now, log },
        channels,
        window,
        AbortSignal.any([asked, closing.signal]),
      ),
    open: (request) => opener.open(request),
    slots: () => pool.slots(),
    async logo(item, asked) {
      const signal = AbortSignal.any([asked, closing.signal])
      return picture(list?.channels.get(item)?.logo ?? '', signal)
    },
    vod,
    past,
    check: createPortalCheck({ boxes, pool, idleBox }),
    seats: () => seatsOf(boxes, pool),
    notices: () =>
      portalNotices({
        name: config.name,
        boxes,
        pool,
        blockedUntil: client.blockedUntil(),
        messages,
        isListOld,
        now: now(),
      }),
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      watchdog.close()
      await opener[Symbol.asyncDispose]()
    },
  }
}
