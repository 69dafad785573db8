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
/** Segments put together stay for those who ask for the same ones. */
const KEPT_SEGMENTS = 12

type Delivery = 'standard' | 'instant'
type HlsViewer = { readonly id: string; readonly caller: Caller; bytesOut: number; lastSeen: number; asked: boolean }

/** What a session needs. */
export type HlsSessionParts = {
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly hls: HlsTiming
  readonly log: Log
  readonly now: () => number
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
  readonly #aac = new Map<number, AacTrack>()
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>()
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
    // What left the window can still be fetched for as long again.
    this.#ring = new HlsRing({ keepSeconds: 2 * windowSeconds + 4, now: parts.now })
    this.#views = {
      standard: standardDelivery({ segmentSeconds, windowSeconds }),
      instant: instantDelivery({ windowSeconds }),
    }
    this.#ring.onAudio = (unit) => this.#aac.get(unit.pid)?.push(unit)
    this.#ring.onChange(() => {
      for (const view of Object.values(this.#views)) view.update(this.#ring.pieces)
      const [oldest] = this.#ring.pieces
      if (oldest) for (const track of this.#aac.values()) track.forgetBefore(oldest)
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
        this.#ring.setProgram(program)
        void this.#closeTracks()
      },
      chunk: (chunk) => {
        this.#ring.push(chunk)
        for (const track of this.#aac.values()) track.flush()
      },
      end: (failure) => this.#end(failure ?? new Failure('live/ended', `"${this.#channel.name}" has ended`)),
      viewers: () => this.viewers(),
    }
  }

  #changed(): void {
    for (const listener of this.#changes) listener()
  }

  /** Tracks belong to a programme; a new one may have other PIDs and codecs. They start again when they are asked for. */
  async #closeTracks(): Promise<void> {
    const old = [...this.#aac.values()]
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

  /** Ends the session for everybody. */
  async close(): Promise<void> {
    const tracks = [...this.#aac.values()]
    this.#end(new Failure('live/stopped', 'The session was closed'))
    await Promise.all(tracks.map((track) => track[Symbol.asyncDispose]()))
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
    if (this.#viewers.size === 0 && this.#holding === 0 && this.#lastUsed < oldest)
      this.#end(new Failure('hls/gone', 'Nobody watches any more'))
    this.#changed()
  }

  /** A player says that it leaves; the relay is left at once with the last one. */
  leave(id: string): void {
    this.#viewers.delete(id)
    if (this.#viewers.size === 0 && this.#holding === 0) this.#end(new Failure('hls/gone', 'The last viewer has left'))
  }

  /** Ends one viewer: its addresses are gone from now on. False: not here. */
  stopViewer(id: string): boolean {
    if (!this.#viewers.delete(id)) return false
    this.#stopped.add(id)
    if (this.#viewers.size === 0) this.#end(new Failure('live/stopped', 'The viewer was stopped'))
    return true
  }

  #seatFor(caller: Caller): HlsViewer {
    const now = this.#parts.now()
    // Players fetch the first playlist twice: that is one viewer.
    const twin = [...this.#viewers.values()].find(
      (viewer) => !viewer.asked && viewer.caller.user === caller.user && viewer.caller.address === caller.address,
    )
    if (twin) {
      twin.lastSeen = now
      return twin
    }
    this.#lastViewer += 1
    const viewer = { id: `${this.name}-${this.#lastViewer}`, caller, bytesOut: 0, lastSeen: now, asked: false }
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

  /** Waits until `ready` gives something; fails with the session's end, or `hls/not-ready` after 10 s. */
  async #hold<T>(signal: AbortSignal, ready: () => T | null): Promise<T> {
    const now = ready()
    if (now !== null) return now
    this.#holding += 1
    try {
      return await new Promise<T>((resolve, reject) => {
        const look = (): void => {
          if (signal.aborted) finish(() => reject(signal.reason as Error))
          else if (this.isOver) finish(() => reject(this.#over.signal.reason as Error))
          else {
            const found = ready()
            if (found !== null) finish(() => resolve(found))
          }
        }
        const finish = (settle: () => void): void => {
          clearTimeout(timer)
          this.#changes.delete(look)
          signal.removeEventListener('abort', look)
          settle()
        }
        const timer = setTimeout(
          () => finish(() => reject(new Failure('hls/not-ready', `"${this.#channel.name}" has not begun yet`))),
          HOLD_MS,
        )
        this.#changes.add(look)
        signal.addEventListener('abort', look, { once: true })
        look()
      })
    } finally {
      this.#holding -= 1
      this.#lastUsed = this.#parts.now()
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
    const viewer = this.#seatFor(request.caller)
    const start = this.#views[request.delivery].start()
    const root = `../hls/${this.#channel.id}/${this.name}/${viewer.id}/${request.delivery}`
    const description = describeVariants({
      program,
      facts: this.#ring.facts,
      pieces: this.#ring.pieces,
      canAac: this.#parts.ffmpeg.path !== null && this.#parts.ffmpeg.encoders.has('aac'),
      bitrateKbps: this.#parts.audio.bitrateKbps,
      choice: request.audio,
      uri: (variant) => `${root}/${variant}/v${start}.m3u8`,
    })
    return playlist(writeMultivariant(description))
  }

  /** Until the relay plays; a refusal is the answer to all who wait. Whoever goes away waits no longer. */
  async #seatOrFailure(signal: AbortSignal): Promise<void> {
    this.#holding += 1
    try {
      await Promise.race([
        this.#seat,
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        }),
      ])
    } finally {
      this.#holding -= 1
    }
    this.#lastUsed = this.#parts.now()
  }

  /** A media playlist (`{delivery}/{variant}/v{start}.m3u8`) or a segment (`{delivery}/{variant}/{msn}[c].ts`). */
  async file(request: {
    readonly viewer: string
    readonly path: readonly string[]
    readonly signal: AbortSignal
  }): Promise<HlsAnswer> {
    const [delivery, variant = '', file = ''] = request.path
    if ((delivery !== 'standard' && delivery !== 'instant') || request.path.length !== 3) throw notThere()
    if (this.#stopped.has(request.viewer)) throw new Failure('hls/gone', 'The viewer was stopped')
    const viewer = this.#viewerOf(request.viewer)
    const content = readVariant(variant)
    if (content === null) throw notThere()
    const [, start, msn, clean] = /^(?:v(\d{1,9})\.m3u8|(\d{1,9})(c?)\.ts)$/.exec(file) ?? []
    if (start !== undefined) return this.#list({ delivery, content, start: Number(start), signal: request.signal })
    if (msn === undefined) throw notThere()
    const bytes = await this.#segment({
      delivery,
      variant,
      content,
      msn: Number(msn),
      clean: clean === 'c',
      signal: request.signal,
    })
    viewer.bytesOut += bytes.length
    return {
      kind: 'document',
      contentType: 'video/mp2t',
      body: bytes,
      cacheControl: 'private, max-age=3600, immutable',
    }
  }

  async #list({
    delivery,
    content,
    start,
    signal,
  }: {
    delivery: Delivery
    content: VariantContent
    start: number
    signal: AbortSignal
  }): Promise<HlsAnswer> {
    const view = this.#views[delivery]
    this.#ensureTracks(content)
    const segments = await this.#hold(signal, () => {
      const ready = view.window().filter((segment) => segment.msn >= start)
      const end = ready.findIndex((segment) => !this.#isWhole(segment, content))
      const listed = end < 0 ? ready : ready.slice(0, end)
      return listed.length > 0 ? listed : null
    })
    return playlist(
      writeMedia({
        segments,
        targetSeconds: view.targetSeconds(),
        discontinuitySequence: view.discontinuitiesBefore(),
        clean: start,
      }),
    )
  }

  /** All sound of the segment has come. */
  #isWhole(segment: Segment, content: VariantContent): boolean {
    const last = this.#ring.pieces.find(({ index }) => index === segment.last)
    return last !== undefined && this.#tracksOf(content).every((track) => track.has(last))
  }

  #tracksOf(content: VariantContent): AacTrack[] {
    const program = this.#ring.program
    if (program === null) return []
    return content.aac(program).flatMap(({ pid }) => this.#aac.get(pid) ?? [])
  }

  /** The sidecars start with the first request that needs them, on all the sound that is still there. */
  #ensureTracks(content: VariantContent): void {
    const { program } = this.#ring
    const { path } = this.#parts.ffmpeg
    if (program === null) return
    for (const stream of content.aac(program)) {
      if (this.#aac.has(stream.pid)) continue
      if (path === null)
        throw new Failure(
          'ffmpeg/missing',
          `"${this.#channel.name}" has ${stream.codec} sound, and there is no FFmpeg to make AAC of it`,
        )
      const { audio, log, now } = this.#parts
      const track = createAacTrack({ path, stream, intent: audio, log, now, changed: () => this.#changed() })
      this.#aac.set(stream.pid, track)
      const same = this.#ring.pieces.filter((piece) => piece.program === program)
      for (const piece of same) for (const unit of piece.audio.get(stream.pid) ?? []) track.push(unit)
      for (const unit of this.#ring.waitingSound(stream.pid)) track.push(unit)
      track.flush()
    }
  }

  async #segment(request: {
    delivery: Delivery
    variant: string
    content: VariantContent
    msn: number
    clean: boolean
    signal: AbortSignal
  }): Promise<Uint8Array<ArrayBuffer>> {
    const { delivery, variant, content, msn, clean, signal } = request
    const key = `${delivery}/${variant}/${msn}${clean ? 'c' : ''}`
    const known = this.#kept.get(key)
    if (known) return known
    this.#ensureTracks(content)
    const view = this.#views[delivery]
    const segment = await this.#hold(signal, () => {
      const found = view.segment(msn)
      // A number that is still to come is waited for; one that has gone is not.
      const newest = view.window().at(-1)?.msn ?? -1
      if (found === null && msn <= newest) throw notThere()
      if (found === null && msn > newest + 2) throw notThere()
      return found !== null && this.#isWhole(found, content) ? found : null
    })
    const pieces = this.#ring.pieces.filter(({ index }) => index >= segment.first && index <= segment.last)
    const [first] = pieces
    if (first === undefined) throw notThere()
    const tracks = new Map(this.#tracksOf(content).map((track) => [track.stream.pid, track]))
    const bytes = buildSegment({
      msn,
      pieces,
      program: variantProgram(first.program, content),
      hasVideo: content.hasVideo,
      audio: (piece): readonly PesUnit[] => {
        const units = content
          .audio(first.program)
          .flatMap(({ pid }) => tracks.get(pid)?.unitsOf(piece) ?? piece.audio.get(pid) ?? [])
        return units.length > 1 && content.audio(first.program).length > 1 ? byTime(units, first.startPts90k) : units
      },
      clean,
    })
    this.#kept.set(key, bytes)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT_SEGMENTS && oldest !== undefined) this.#kept.delete(oldest)
    return bytes
  }
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
