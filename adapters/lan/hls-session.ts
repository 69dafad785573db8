import { randomBytes } from 'node:crypto'
import type { Caller } from '../../core/access/caller.ts'
import { asFailure, Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { instantDelivery, standardDelivery } from '../../core/live/hls-delivery.ts'
import type { DeliveryView, Segment } from '../../core/live/hls-delivery.ts'
import { writeMedia, writeMultivariant } from '../../core/live/hls-playlist.ts'
import { HlsRing } from '../../core/live/hls-ring.ts'
import { buildSegment } from '../../core/live/hls-segment.ts'
import type { Hub, RelayConsumer, Seat, ViewerStatus } from '../../core/live/hub.ts'
import type { HlsAnswer } from '../../core/live/link.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import type { Program } from '../../core/live/program.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { createAacTrack } from './aac-track.ts'
import type { AacTrack } from './aac-track.ts'
import { describeVariants, readVariant, variantProgram } from './hls-variants.ts'
import type { AudioChoice, VariantContent } from './hls-variants.ts'

/** Lengths of HLS, seconds (contract §2, `hls.*`). */
export type HlsTiming = {
  readonly segmentSeconds: number
  readonly windowSeconds: number
  readonly idleSeconds: number
}

/** A request that cannot be answered yet is held this long. */
const HOLD_MS = 10_000
/** Some players fetch the first playlist twice, one right behind the other. */
const TWIN_MS = 2000
/** Segments put together stay for those who ask for the same ones, up to so many bytes; what they are made of stays anyway. */
const KEPT_BYTES = 4 * 1024 * 1024

type Delivery = 'standard' | 'instant'

/** Where a viewer is in one list. */
type Place = { last: number; needsClean: boolean }

type HlsViewer = {
  readonly id: string
  readonly caller: Caller
  bytesOut: number
  lastSeen: number
  asked: boolean
  readonly places: Map<string, Place>
}

/** What a session needs. */
export type HlsSessionParts = {
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly hls: HlsTiming
  readonly log: Log
  readonly now: () => number
  readonly timers: Timers
}

/**
 * One channel's HLS run: joins the channel's relay as one consumer, keeps its last seconds, and answers all its viewers.
 *
 * Its name is part of every URL, so that numbers never go back after it ends and another begins.
 */
export class HlsSession {
  readonly name = randomBytes(6).toString('base64url')
  readonly #channel: Channel
  readonly #parts: HlsSessionParts
  readonly #ring: HlsRing
  readonly #views: Readonly<Record<Delivery, DeliveryView>>
  readonly #viewers = new Map<string, HlsViewer>()
  readonly #stopped = new Set<string>()
  /** Tracks belong to a programme; those of an old one stay as long as its pieces. */
  readonly #aac = new Map<Program, Map<number, AacTrack>>()
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>()
  #keptBytes = 0
  readonly #changes = new Set<() => void>()
  readonly #over = new AbortController()
  readonly #seat: Promise<Seat>
  #holding = 0
  #lastViewer = 0
  #lastUsed: number

  constructor(channel: Channel, parts: HlsSessionParts) {
    this.#channel = channel
    this.#parts = parts
    const { segmentSeconds, windowSeconds } = parts.hls
    this.#lastUsed = parts.now()
    this.#ring = new HlsRing({ keepSeconds: 2 * windowSeconds, now: parts.now })
    this.#views = {
      standard: standardDelivery({ segmentSeconds, windowSeconds }),
      instant: instantDelivery({ windowSeconds }),
    }
    this.#ring.onAudio = (unit) => this.#liveTracks().get(unit.pid)?.push(unit)
    this.#ring.onChange(() => {
      const views = Object.values(this.#views)
      for (const view of views) view.update(this.#ring.pieces)
      this.#ring.keepSeconds = Math.max(...views.map((view) => view.keepSeconds()))
      this.#forgetTracks()
      this.#changed()
    })
    this.#seat = parts.hub.consume(channel, this.#consumer(), this.#over.signal)
    // Whoever asks hears of it; nobody may be asking any more.
    this.#seat.catch((error: unknown) =>
      this.#end(asFailure(error, 'live/refused', `"${channel.name}" could not be opened`)),
    )
  }

  /** Nothing more comes; a new session has to be made. */
  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  #consumer(): RelayConsumer {
    return {
      program: (program) => {
        // What the old tracks have made is still in lists; they make no more.
        for (const track of this.#liveTracks().values()) void track[Symbol.asyncDispose]()
        this.#ring.setProgram(program)
      },
      chunk: (chunk) => {
        this.#ring.push(chunk)
        for (const track of this.#liveTracks().values()) track.flush()
      },
      end: (failure) => this.#end(failure ?? new Failure('live/ended', `"${this.#channel.name}" has ended`)),
      viewers: () => this.viewers(),
    }
  }

  #changed(): void {
    for (const listener of this.#changes) listener()
  }

  /** Tracks of the programme that is on now, by PID. */
  #liveTracks(): ReadonlyMap<number, AacTrack> {
    const { program } = this.#ring
    return (program === null ? undefined : this.#aac.get(program)) ?? new Map()
  }

  #forgetTracks(): void {
    const { pieces, program } = this.#ring
    const [oldest] = pieces
    for (const [owner, tracks] of this.#aac) {
      if (owner !== program && pieces.every((piece) => piece.program !== owner)) this.#aac.delete(owner)
      if (oldest?.program === owner) for (const track of tracks.values()) track.forgetBefore(oldest)
    }
  }

  async #closeTracks(): Promise<void> {
    const old = [...this.#aac.values()].flatMap((tracks) => [...tracks.values()])
    this.#aac.clear()
    await Promise.all(old.map((track) => track[Symbol.asyncDispose]()))
  }

  #end(failure: Failure): void {
    if (this.isOver) return
    this.#over.abort(failure)
    void this.#seat.then((seat) => seat.leave()).catch(() => {})
    void this.#closeTracks()
    this.#changed()
  }

  /** Ends the session for everybody; resolves when no process of it is left. */
  async close(): Promise<void> {
    const closed = this.#closeTracks()
    this.#end(new Failure('live/stopped', 'The session was closed'))
    await closed
  }

  /** People behind this session, for the status. */
  viewers(): readonly ViewerStatus[] {
    return [...this.#viewers.values()].map(({ id, caller, bytesOut }) => ({
      id,
      mode: 'hls',
      user: caller.user,
      address: caller.address,
      bytesOut,
    }))
  }

  /** Lets viewers go that have not asked for anything in `idleSeconds`, and the relay when none is left. */
  sweep(): void {
    const idleMs = this.#parts.hls.idleSeconds * 1000
    const oldest = this.#parts.now() - idleMs
    for (const viewer of this.#viewers.values()) if (viewer.lastSeen < oldest) this.#viewers.delete(viewer.id)
    if (this.#isUnused() && this.#lastUsed < oldest) this.#end(new Failure('hls/gone', 'Nobody watches any more'))
    for (const [pid, track] of this.#liveTracks())
      if (track.usedAt < oldest) {
        void track[Symbol.asyncDispose]()
        if (this.#ring.program !== null) this.#aac.get(this.#ring.program)?.delete(pid)
      }
    this.#changed()
  }

  /** A player says that it leaves; the relay is left at once with the last one. */
  leave(id: string): void {
    this.#viewers.delete(id)
    if (this.#isUnused()) this.#end(new Failure('hls/gone', 'The last viewer has left'))
  }

  /** Nobody watches and nobody waits. */
  #isUnused(): boolean {
    return this.#viewers.size === 0 && this.#holding === 0
  }

  /** Ends one viewer: its addresses are gone from now on. False: not here. */
  stopViewer(id: string): boolean {
    if (!this.#viewers.delete(id)) return false
    this.#stopped.add(id)
    if (this.#isUnused()) this.#end(new Failure('live/stopped', 'The viewer was stopped'))
    return true
  }

  #seatFor(caller: Caller): HlsViewer {
    const now = this.#parts.now()
    // Two first lists without anything between are one viewer.
    const twin = [...this.#viewers.values()].find(
      (viewer) =>
        !viewer.asked &&
        viewer.lastSeen > now - TWIN_MS &&
        viewer.caller.user === caller.user &&
        viewer.caller.address === caller.address,
    )
    if (twin) {
      twin.lastSeen = now
      return twin
    }
    this.#lastViewer += 1
    const viewer = {
      id: `${this.name}-${this.#lastViewer}`,
      caller,
      bytesOut: 0,
      lastSeen: now,
      asked: false,
      places: new Map(),
    }
    this.#viewers.set(viewer.id, viewer)
    return viewer
  }

  #viewerOf(id: string): HlsViewer {
    const viewer = this.#viewers.get(id)
    if (!viewer) throw new Failure('hls/gone', 'This viewer has left; ask for the channel again')
    viewer.lastSeen = this.#parts.now()
    viewer.asked = true
    this.#lastUsed = viewer.lastSeen
    return viewer
  }

  /** Waits until `ready` gives something; fails with the session's end, or `hls/not-ready` after `ms`. */
  async #hold<T>(signal: AbortSignal, ready: () => T | null, ms = HOLD_MS): Promise<T> {
    const { timers } = this.#parts
    const now = ready()
    if (now !== null) return now
    return this.#waiting(
      signal,
      new Promise<T>((resolve, reject) => {
        const look = (): void => {
          try {
            const found = ready()
            if (found !== null) finish(() => resolve(found))
            else if (signal.aborted) finish(() => reject(signal.reason as Error))
            else if (this.isOver) finish(() => reject(this.#over.signal.reason as Error))
          } catch (error) {
            finish(() => reject(error as Error))
          }
        }
        const finish = (settle: () => void): void => {
          timers.clear(timer)
          this.#changes.delete(look)
          signal.removeEventListener('abort', look)
          settle()
        }
        const timer = timers.set(
          () => finish(() => reject(new Failure('hls/not-ready', `"${this.#channel.name}" is not that far yet`))),
          ms,
        )
        this.#changes.add(look)
        signal.addEventListener('abort', look, { once: true })
        look()
      }),
    )
  }

  /** Counts who waits. When the last one goes away before anybody watches, the tuner is given back at once. */
  async #waiting<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
    this.#holding += 1
    try {
      return await result
    } finally {
      this.#holding -= 1
      this.#lastUsed = this.#parts.now()
      if (signal.aborted && this.#isUnused()) this.#end(new Failure('hls/gone', 'Nobody waits any more'))
    }
  }

  /** The multivariant playlist for a new viewer, who starts at the clean segment that it names. */
  async describe(request: {
    readonly caller: Caller
    readonly delivery: Delivery
    readonly audio: AudioChoice | null
    readonly signal: AbortSignal
  }): Promise<HlsAnswer> {
    await this.#seatOrFailure(request.signal)
    const program = await this.#hold(request.signal, () => (this.#ring.hasStarted ? this.#ring.program : null))
    // Said now, where a player shows it, and not with the first list.
    if (request.audio === 'aac') this.#needEncoder(program, readVariant('aac'))
    const viewer = this.#seatFor(request.caller)
    const start = this.#views[request.delivery].start()
    const root = `../hls/${this.#channel.id}/${this.name}/${viewer.id}/${request.delivery}`
    const description = describeVariants({
      program,
      facts: this.#ring.facts,
      pieces: this.#ring.pieces,
      canAac: this.#encoder() !== null,
      bitrateKbps: this.#parts.audio.bitrateKbps,
      choice: request.audio,
      uri: (variant) => `${root}/${variant}/v${start}.m3u8`,
    })
    return playlist(writeMultivariant(description))
  }

  /** Until the relay plays; a refusal is the answer to all who wait. Whoever goes away waits no longer. */
  async #seatOrFailure(signal: AbortSignal): Promise<void> {
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason as Error)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    try {
      await this.#waiting(signal, Promise.race([this.#seat, gone.promise]))
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  /** A media playlist (`{delivery}/{variant}/v{start}.m3u8`) or a segment (`{delivery}/{variant}/{msn}[c].ts`). */
  async file(request: {
    readonly viewer: string
    readonly path: readonly string[]
    readonly query: URLSearchParams
    readonly signal: AbortSignal
  }): Promise<HlsAnswer> {
    const [delivery, variant = '', file = ''] = request.path
    if ((delivery !== 'standard' && delivery !== 'instant') || request.path.length !== 3) throw notThere()
    if (this.#stopped.has(request.viewer)) throw new Failure('hls/gone', 'The viewer was stopped')
    const viewer = this.#viewerOf(request.viewer)
    const content = readVariant(variant)
    if (content === null) throw notThere()
    const [, start, msn, clean] = /^(?:v(\d{1,9})\.m3u8|(\d{1,9})(c?)\.ts)$/.exec(file) ?? []
    if (start !== undefined) {
      const atLeast = readBlocking(request.query)
      const answer = await this.#list({ delivery, content, start: Number(start), atLeast, signal: request.signal })
      viewer.lastSeen = this.#parts.now()
      return answer
    }
    if (msn === undefined) throw notThere()
    const body = await this.#segment({
      delivery,
      variant,
      content,
      msn: Number(msn),
      isClean: (segment) => this.#startsAt(viewer, `${delivery}/${variant}`, segment, clean === 'c'),
      signal: request.signal,
    })
    viewer.lastSeen = this.#parts.now()
    viewer.bytesOut += body.length
    // Fetched once more it may be the clean copy: only what is named so never changes.
    const cacheControl = clean === 'c' ? 'private, max-age=3600, immutable' : 'no-store'
    return { kind: 'document', contentType: 'video/mp2t', body, cacheControl }
  }

  /**
   * Whether the viewer's decoder starts with this segment. The list says so; or it is the first one with a random access
   * point behind a hole (a pause that was longer than the window), or fetched once more (a player that recovers).
   */
  #startsAt(viewer: HlsViewer, list: string, segment: Segment, isNamedClean: boolean): boolean {
    const place = viewer.places.get(list) ?? { last: -2, needsClean: false }
    viewer.places.set(list, place)
    if (segment.msn !== place.last + 1) place.needsClean = true
    place.last = segment.msn
    const isClean = isNamedClean || (place.needsClean && segment.randomAccess)
    if (isClean) place.needsClean = false
    return isClean
  }

  async #list({
    delivery,
    content,
    start,
    atLeast,
    signal,
  }: {
    delivery: Delivery
    content: VariantContent
    start: number
    atLeast: number | null
    signal: AbortSignal
  }): Promise<HlsAnswer> {
    const view = this.#views[delivery]
    const newest = view.window().at(-1)?.msn ?? -1
    if (atLeast !== null && atLeast > Math.max(newest, start) + 2)
      throw new Failure('http/bad-request', `Segment ${atLeast} is too far ahead; the newest one is ${newest}`)
    const wanted = atLeast === null || !view.canBlock ? -1 : atLeast
    const segments = await this.#hold(
      signal,
      () => {
        this.#ensureTracks(content, start, view)
        const ready = view.window().filter((segment) => segment.msn >= start)
        const end = ready.findIndex((segment) => !this.#isWhole(segment, content))
        const listed = end < 0 ? ready : ready.slice(0, end)
        const last = listed.at(-1)
        if (last === undefined || last.msn < wanted) return null
        const duration = listed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
        return listed[0]?.msn === start && duration < view.leastSeconds ? null : listed
      },
      wanted < 0 ? HOLD_MS : Math.min(HOLD_MS, 3000 * view.targetSeconds()),
    )
    return playlist(
      writeMedia({
        segments,
        targetSeconds: view.targetSeconds(),
        discontinuitySequence: view.discontinuitiesBefore(segments[0]?.msn ?? 0),
        isIndependent: delivery === 'standard' && view.isIndependent(),
        canBlock: view.canBlock,
        clean: start,
      }),
    )
  }

  /** All sound of the segment has come. */
  #isWhole(segment: Segment, content: VariantContent): boolean {
    const last = this.#ring.pieces.find(({ index }) => index === segment.last)
    return last !== undefined && this.#tracksOf(last.program, content).every((track) => track.has(last))
  }

  #tracksOf(program: Program, content: VariantContent): AacTrack[] {
    const tracks = this.#aac.get(program)
    return content.aac(program).flatMap(({ pid }) => tracks?.get(pid) ?? [])
  }

  /** The FFmpeg that makes AAC; null: there is none. */
  #encoder(): string | null {
    const { path, encoders } = this.#parts.ffmpeg
    return encoders.has('aac') ? path : null
  }

  /** Fails with `ffmpeg/missing` when the variant has to be made and cannot be. */
  #needEncoder(program: Program, content: VariantContent | null): string | null {
    const [stream] = content?.aac(program) ?? []
    const path = this.#encoder()
    if (stream !== undefined && path === null)
      throw new Failure(
        'ffmpeg/missing',
        `"${this.#channel.name}" has ${stream.codec} sound, and there is no FFmpeg to make AAC of it`,
      )
    return path
  }

  /** The sidecars start with the first request that needs them, with the sound of the segment that is asked for. */
  #ensureTracks(content: VariantContent, msn: number, view: DeliveryView): void {
    const { program } = this.#ring
    if (program === null) return
    const path = this.#needEncoder(program, content)
    if (path === null) return
    const tracks = this.#aac.get(program) ?? new Map<number, AacTrack>()
    this.#aac.set(program, tracks)
    for (const stream of content.aac(program)) {
      const { audio, log, now } = this.#parts
      const known = tracks.get(stream.pid)
      if (known !== undefined) {
        known.usedAt = now()
        continue
      }
      const track = createAacTrack({ path, stream, intent: audio, log, now, changed: () => this.#changed() })
      tracks.set(stream.pid, track)
      const from = (view.segment(msn) ?? view.window()[0])?.first ?? 0
      for (const piece of this.#ring.pieces)
        if (piece.program === program && piece.index >= from)
          for (const unit of piece.audio.get(stream.pid) ?? []) track.push(unit)
      for (const unit of this.#ring.waitingSound(stream.pid)) track.push(unit)
      track.flush()
    }
  }

  async #segment(request: {
    delivery: Delivery
    variant: string
    content: VariantContent
    msn: number
    isClean: (segment: Segment) => boolean
    signal: AbortSignal
  }): Promise<Uint8Array<ArrayBuffer>> {
    const { delivery, variant, content, msn, signal } = request
    const view = this.#views[delivery]
    const segment = await this.#hold(signal, () => {
      const found = view.segment(msn)
      // A number that is still to come is waited for; one that has gone is not.
      const newest = view.window().at(-1)?.msn ?? -1
      if (found === null && (msn <= newest || msn > newest + 2)) throw notThere()
      this.#ensureTracks(content, msn, view)
      return found !== null && this.#isWhole(found, content) ? found : null
    })
    const clean = request.isClean(segment) || segment.discontinuity
    const key = `${delivery}/${variant}/${msn}${clean ? 'c' : ''}`
    const known = this.#kept.get(key)
    if (known) return known
    const pieces = this.#ring.pieces.filter(({ index }) => index >= segment.first && index <= segment.last)
    const [first] = pieces
    if (first === undefined) throw notThere()
    const { program } = first
    const made = new Map(content.aac(program).map(({ pid }) => [pid, this.#aac.get(program)?.get(pid)]))
    const bytes = buildSegment({
      msn,
      pieces,
      program: variantProgram(program, content),
      hasVideo: content.hasVideo,
      audio(piece): readonly PesUnit[] {
        const streams = content.audio(program)
        // What is announced as AAC is AAC or nothing.
        const units = streams.flatMap(({ pid }) =>
          made.has(pid) ? (made.get(pid)?.unitsOf(piece) ?? []) : (piece.audio.get(pid) ?? []),
        )
        return streams.length > 1 ? byTime(units, first.startPts90k) : units
      },
      clean,
    })
    this.#keep(key, bytes)
    return bytes
  }

  #keep(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#kept.set(key, bytes)
    this.#keptBytes += bytes.length
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES || oldest === key) break
      this.#kept.delete(oldest)
      this.#keptBytes -= length
    }
  }
}

/** `_HLS_msn`: the segment that the list has to have (`draft-pantos-hls-rfc8216bis`, 6.2.5.2); null: as it is now. */
function readBlocking(query: URLSearchParams): number | null {
  const text = query.get('_HLS_msn')
  if (text === null && !query.has('_HLS_part')) return null
  if (text === null || !/^\d{1,9}$/.test(text))
    throw new Failure('http/bad-request', 'Parameter "_HLS_msn" should be the number of a segment')
  return Number(text)
}

const notThere = (): Failure => new Failure('hls/gone', 'This part of the stream is gone, or was never there')

const playlist = (body: string): HlsAnswer => ({
  kind: 'document',
  contentType: 'application/vnd.apple.mpegurl',
  body,
  cacheControl: 'no-store',
})

/** Several tracks in one segment, by time; units of one track keep their order. */
function byTime(units: readonly PesUnit[], start: number): readonly PesUnit[] {
  const place = ({ pts90k }: PesUnit): number => (pts90k - start + 2 ** 34) % 2 ** 33
  const half = 2 ** 32
  const signed = (unit: PesUnit): number => (place(unit) > half ? place(unit) - 2 ** 33 : place(unit))
  return units.toSorted((a, b) => signed(a) - signed(b))
}
