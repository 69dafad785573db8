import { randomBytes } from 'node:crypto'
import type { Caller } from '../../core/access/caller.ts'
import { asFailure, Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { EndReason } from '../../core/live/attendance.ts'
import { instantDelivery, standardDelivery } from '../../core/live/hls-delivery.ts'
import { writeMultivariant } from '../../core/live/hls-playlist.ts'
import { PartView } from '../../core/live/hls-parts.ts'
import { HlsRing } from '../../core/live/hls-ring.ts'
import type { Hub, RelayConsumer, Seat, ViewerMode, ViewerStatus } from '../../core/live/hub.ts'
import type { Delivery, HlsAnswer } from '../../core/live/link.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { notThere, playlistAnswer } from './hls-answers.ts'
import { HlsArchives } from './hls-archives.ts'
import { HlsAudience } from './hls-audience.ts'
import type { HlsAttendance, HlsViewer } from './hls-audience.ts'
import { needsFragments } from './hls-containers.ts'
import { HlsHold } from './hls-hold.ts'
import { KeptFiles } from './hls-kept.ts'
import { createPartDesk } from './hls-part-desk.ts'
import { createSegmentDesk } from './hls-segments.ts'
import type { HlsDesk } from './hls-segments.ts'
import { HlsSound } from './hls-sound.ts'
import { describeVariants, readVariant } from './hls-variants.ts'
import type { AudioChoice, MadeRate } from './hls-variants.ts'

/** Lengths of HLS, seconds (contract §2, `hls.*`). */
export type HlsTiming = {
  readonly segmentSeconds: number
  readonly windowSeconds: number
  readonly idleSeconds: number
}

/** What a session needs. */
export type HlsSessionParts = {
  readonly hub: Pick<Hub, 'consume'>
  /** What the channel was made with; null: it is as it was sent. */
  readonly made: MadeRate | null
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly hls: HlsTiming
  /** Keeps what has left memory, for those who go back; absent: nothing is kept. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; null: nobody does. */
  readonly attendance: HlsAttendance | null
  /** Counts the work; absent: nobody does. */
  readonly counts?: WorkCounts | undefined
  /** Told once, of why it is over. */
  readonly ended?: ((failure: Failure) => void) | undefined
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
  readonly #sound: HlsSound
  readonly #hold: HlsHold
  readonly #audience: HlsAudience
  readonly #archives: HlsArchives | null
  readonly #desks: Readonly<Record<Delivery, HlsDesk>>
  readonly #parted: PartView
  readonly #over = new AbortController()
  readonly #seat: Promise<Seat>
  #lastUsed: number

  constructor(channel: Channel, parts: HlsSessionParts) {
    const { now, timers, hls } = parts
    const { segmentSeconds, windowSeconds } = hls
    const { name } = channel
    this.#channel = channel
    this.#parts = parts
    this.#lastUsed = now()
    this.#audience = new HlsAudience(this.name, now, parts.attendance)
    const hold = new HlsHold({
      over: this.#over.signal,
      timers,
      name,
      left: (hasGone) => this.#stoppedWaiting(hasGone),
    })
    this.#hold = hold
    const ring = new HlsRing({ keepSeconds: 2 * windowSeconds, now })
    this.#ring = ring
    const { timeShift = null } = parts
    const archives = timeShift === null ? null : new HlsArchives({ timeShift, channel, now })
    this.#archives = archives
    const changed = (): void => {
      archives?.work()
      hold.tell()
    }
    const complained = (count: number): void => parts.counts?.complaints.note(channel.id, count)
    const sound = new HlsSound({ ...parts, tally: parts.counts?.sidecars, complained, ring, name, changed })
    this.#sound = sound
    const desk = { ring, sound, hold, kept: new KeptFiles(), archives }
    const standard = standardDelivery({ segmentSeconds, windowSeconds })
    const instant = instantDelivery({ windowSeconds })
    const parted = new PartView({ ring, windowSeconds, now })
    this.#parted = parted
    this.#desks = {
      standard: createSegmentDesk(desk, { name: 'standard', view: standard, mayBeIndependent: true }),
      instant: createSegmentDesk(desk, { name: 'instant', view: instant, mayBeIndependent: false }),
      ll: createPartDesk(desk, parted),
    }
    ring.onChange(() => {
      for (const view of [standard, instant]) view.update(ring.pieces)
      parted.forgetBefore(ring.pieces[0]?.start90k ?? 0)
      ring.keepSeconds = Math.max(standard.keepSeconds(), instant.keepSeconds(), parted.keepSeconds())
      sound.forgetOld()
      changed()
    })
    this.#seat = parts.hub.consume(channel, this.#consumer(), this.#over.signal)
    // Whoever asks hears of it; nobody may be asking any more.
    this.#seat.catch((error: unknown) => this.#end(asFailure(error, 'live/refused', `"${name}" could not be opened`)))
  }

  /** Nothing more comes; a new session has to be made. */
  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  /** Why it is over; null: it is not. */
  get failure(): Failure | null {
    const { aborted, reason } = this.#over.signal
    return aborted && reason instanceof Failure ? reason : null
  }

  #consumer(): RelayConsumer {
    return {
      program: (program) => {
        this.#sound.endProgram()
        this.#ring.setProgram(program)
      },
      chunk: (chunk) => {
        this.#ring.push(chunk)
        this.#sound.flush()
      },
      end: (failure) => this.#end(failure ?? new Failure('live/ended', `"${this.#channel.name}" has ended`)),
      viewers: () => this.viewers(),
    }
  }

  #end(failure: Failure): void {
    if (this.isOver) return
    this.#over.abort(failure)
    this.#parts.ended?.(failure)
    this.#audience.close(failure)
    void this.#seat.then((seat) => seat.leave()).catch(() => {})
    void this.#sound.close()
    this.#archives?.close()
    this.#hold.tell()
  }

  /** Ends the session for everybody; resolves when no process of it is left. */
  async close(): Promise<void> {
    const closed = this.#sound.close()
    this.#end(new Failure('live/stopped', 'The session was closed'))
    await closed
  }

  /** People behind this session, for the status. */
  viewers(): readonly ViewerStatus[] {
    return this.#audience.status()
  }

  /** Lets viewers go that have not asked for anything in `idleSeconds`, and the relay when none is left. */
  sweep(): void {
    const since = this.#parts.now() - this.#parts.hls.idleSeconds * 1000
    this.#audience.removeIdle(since)
    if (this.#isUnused() && this.#lastUsed < since) this.#end(new Failure('hls/gone', 'Nobody watches any more'))
    this.#sound.endUnused(since)
    this.#archives?.endUnused(since)
    this.#hold.tell()
  }

  /** A player says that it leaves; the relay is left at once with the last one. */
  leave(id: string): void {
    this.#remove(id, 'left')
  }

  /** Ends one viewer, and gives who it was; null: not here. */
  stopViewer(id: string): Caller | null {
    return this.#remove(id, 'stopped')?.caller ?? null
  }

  #remove(id: string, reason: EndReason): HlsViewer | null {
    const viewer = this.#audience.remove(id, reason)
    if (viewer !== null && this.#isUnused()) this.#end(new Failure('hls/gone', 'The last viewer has left'))
    return viewer
  }

  /** Nobody watches and nobody waits. */
  #isUnused(): boolean {
    return this.#audience.isEmpty && this.#hold.size === 0
  }

  /** When the last one goes away before anybody watches, the tuner is given back at once. */
  #stoppedWaiting(hasGone: boolean): void {
    this.#lastUsed = this.#parts.now()
    if (hasGone && this.#isUnused()) this.#end(new Failure('hls/gone', 'Nobody waits any more'))
  }

  /** The multivariant playlist for a new viewer, who starts at the clean segment that it names. */
  async describe(request: {
    readonly caller: Caller
    readonly mode: ViewerMode
    readonly delivery: Delivery
    readonly audio: AudioChoice | null
    readonly signal: AbortSignal
  }): Promise<HlsAnswer> {
    const { caller, mode, delivery, audio, signal } = request
    // Until the relay plays; a refusal is the answer to all who wait.
    await this.#hold.orGone(signal, this.#seat)
    const ring = this.#ring
    const program = await this.#hold.until({ signal, ready: () => (ring.hasStarted ? ring.program : null) })
    const aac = readVariant('aac')
    // Said now, where a player shows it, and not with the first list.
    if (audio === 'aac' && aac !== null) this.#sound.need(program, aac)
    // Parts are cut from when the first one asks for them on, and out of what there is.
    if (delivery === 'll') this.#ring.follow(this.#parted)
    const viewer = this.#audience.seat(caller, mode)
    const start = this.#desks[delivery].start()
    const root = `../hls/${this.#channel.id}/${this.name}/${viewer.id}/${delivery}`
    const description = describeVariants({
      program,
      facts: ring.facts,
      pieces: ring.pieces,
      made: this.#parts.made,
      canAac: this.#sound.canEncode,
      isFragmented: delivery === 'll' || needsFragments(program),
      choice: audio,
      madeChannels: this.#parts.audio.channels,
      channelsOf: (stream) => ring.soundFormat(stream)?.channels ?? null,
      uri: (variant) => `${root}/${variant}/v${start}.m3u8`,
    })
    const lists = [...description.variants, ...description.renditions]
    viewer.variants = [...new Set(lists.flatMap(({ uri }) => uri?.split('/').at(-2) ?? []))]
    // hls.js would begin at its distance from the live edge, which may be the second GOP of the first segment: a browser's
    // decoder cannot start there if GOPs are open. Lists of instant segments are shorter than that distance.
    const startsAtFirst = ring.isOpenGop && delivery !== 'instant'
    return playlistAnswer(writeMultivariant({ ...description, startsAtFirst }))
  }

  /** What an address of the session names: `{delivery}/{variant}/{file}` of a viewer. */
  async file(request: {
    readonly viewer: string
    readonly path: readonly string[]
    readonly query: URLSearchParams
    readonly signal: AbortSignal
  }): Promise<HlsAnswer> {
    const [delivery = '', variant = '', file = ''] = request.path
    if (!isDelivery(delivery) || request.path.length !== 3) throw notThere()
    const viewer = this.#audience.viewer(request.viewer)
    this.#lastUsed = viewer.lastSeen
    const content = readVariant(variant)
    if (content === null) throw notThere()
    const { query, signal } = request
    const answer = await this.#desks[delivery].answer({ viewer, variant, content, file, query, signal })
    viewer.lastSeen = this.#parts.now()
    return answer
  }
}

const isDelivery = (text: string): text is Delivery => text === 'standard' || text === 'instant' || text === 'll'
