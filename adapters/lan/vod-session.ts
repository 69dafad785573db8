import { Failure } from '../../core/errors.ts'
import type { VodFile } from '../../core/lineup/vod.ts'
import type { EndReason } from '../../core/live/attendance.ts'
import type { SlotHolder } from '../../core/live/hub.ts'
import type { Slot } from '../../core/live/slots.ts'
import type { Timers } from '../../core/live/timers.ts'

/** A player that takes nothing for so long has left, though its connection stands (contract §4: 10 minutes for files). */
const STALLED_MS = 10 * 60_000

/** What one session needs. */
export type VodSessionParts<Wish> = {
  /** Opens what is played, at the wished place. */
  readonly openFile: (wish: Wish, signal: AbortSignal) => Promise<VodFile>
  /** Asks for the seat at the source; fails with `live/no-slot`. */
  readonly reserve: (signal: AbortSignal) => Promise<Slot>
  /** How long the seat is kept for the next request of the same player. */
  readonly lingerMs: number
  readonly timers: Timers
  readonly now: () => number
  /** Told whenever its state changes. */
  readonly onChange?: () => void
  /** Told once, when the session is over, and why. */
  readonly onClosed: (reason: EndReason) => void
}

/**
 * One viewer's playing of one film, episode or channel's past: any number of requests one after the other, one upstream at a time.
 *
 * A player seeks by a new request. The newest one wins: it ends the connection before it, waits until that is really
 * gone, and a request that was still waiting to be opened fails with `live/stopped` without having reached the source.
 *
 * idle ─request→ opening ─answer→ playing ─end, seek, leave→ lingering ─linger→ closed · lingering ─request→ opening
 */
export class VodSession<Wish> {
  readonly #parts: VodSessionParts<Wish>
  #slot: Slot | null = null
  #file: VodFile | null = null
  /** The newest request; older ones give way. */
  #newest: AbortController | null = null
  /** What must be over before the source is asked again. */
  #before: Promise<void> = Promise.resolve()
  #timer: unknown = null
  #lingeringSince = 0
  #isClosed = false
  /** What the player got last was the end of the file. */
  #isAtEnd = false
  /** What has been read of it in all. */
  bytesOut = 0

  constructor(parts: VodSessionParts<Wish>) {
    this.#parts = parts
  }

  get state(): SlotHolder['state'] {
    if (this.#isClosed) return 'closed'
    if (this.#file !== null) return 'live'
    return this.#newest === null ? 'lingering' : 'opening'
  }

  /** Since when nothing flows, epoch milliseconds. */
  get lingeringSince(): number {
    return this.#lingeringSince
  }

  /** Opens the file at a place. Fails as `openFile` does, with `live/no-slot`, or `live/stopped`. */
  async open(wish: Wish, wanted: AbortSignal): Promise<VodFile> {
    if (this.#isClosed) throw stopped()
    this.#newest?.abort(new Failure('live/stopped', 'The player has asked for another place of the file'))
    this.#stopTimer()
    const turn = new AbortController()
    this.#newest = turn
    const signal = AbortSignal.any([wanted, turn.signal])
    const opened = this.#before.then(() => this.#openNow(wish, signal))
    // The next one waits for this one's end, whatever that is.
    this.#before = opened.then(
      () => {},
      () => {},
    )
    try {
      return await opened
    } catch (error) {
      this.#settle(turn)
      throw error
    }
  }

  async #openNow(wish: Wish, signal: AbortSignal): Promise<VodFile> {
    await this.#closeFile()
    signal.throwIfAborted()
    this.#slot ??= await this.#parts.reserve(signal)
    if (this.#isClosed) {
      this.#releaseSlot()
      throw stopped()
    }
    const file = await this.#parts.openFile(wish, signal)
    if (this.#isClosed || signal.aborted) {
      await file.close()
      signal.throwIfAborted()
      throw stopped()
    }
    this.#file = file
    this.#isAtEnd = false
    this.#watch()
    this.#parts.onChange?.()
    return { ...file, body: this.#guarded(file), close: () => this.#leave(file) }
  }

  /** The same bytes; notes that they are taken, and their end. */
  #guarded(file: VodFile): ReadableStream<Uint8Array> {
    const reader = file.body.getReader()
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const { done, value } = await reader.read()
            if (file === this.#file) this.#watch()
            if (!done) {
              this.bytesOut += value.length
              controller.enqueue(value)
              return
            }
            this.#isAtEnd = reachesEnd(file)
            await this.#leave(file)
            controller.close()
          } catch (error) {
            await this.#leave(file)
            controller.error(error)
          }
        },
        cancel: () => this.#leave(file),
      },
      { highWaterMark: 0 },
    )
  }

  /** Closes the file if it is still the one that plays, and begins to linger. */
  async #leave(file: VodFile): Promise<void> {
    if (file !== this.#file) return
    const turn = this.#newest
    this.#file = null
    // Whoever asks next waits until this connection is gone.
    this.#before = this.#before.then(() => file.close()).catch(() => {})
    await this.#before
    this.#settle(turn)
  }

  async #closeFile(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  #settle(turn: AbortController | null): void {
    if (turn !== this.#newest) return
    this.#newest = null
    if (this.#isClosed) return
    this.#lingeringSince = this.#parts.now()
    this.#stopTimer()
    if (this.#slot === null) this.close()
    else this.#timer = this.#parts.timers.set(() => this.close(), this.#parts.lingerMs)
    this.#parts.onChange?.()
  }

  #watch(): void {
    this.#stopTimer()
    this.#timer = this.#parts.timers.set(() => this.close('stalled'), STALLED_MS)
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#parts.timers.clear(this.#timer)
    this.#timer = null
  }

  #releaseSlot(): void {
    this.#slot?.release()
    this.#slot = null
  }

  /** Ends the session and its connection; the seat is free when that is gone. Idempotent. */
  close(reason: EndReason = this.#isAtEnd ? 'finished' : 'left'): void {
    if (this.#isClosed) return
    const isQuiet = this.state === 'lingering'
    this.#isClosed = true
    this.#stopTimer()
    this.#newest?.abort(stopped())
    // Whoever made a lingering session close wants the seat now.
    if (isQuiet) this.#releaseSlot()
    else
      void this.#before
        .then(() => this.#closeFile())
        .catch(() => {}) // a connection that cannot be closed is gone
        .then(() => this.#releaseSlot())
    this.#parts.onClosed(reason)
  }
}

/** Whether the last byte of what is played is the last one of the file. */
const reachesEnd = ({ last, size }: VodFile): boolean => last === null || size === null || last + 1 >= size

const stopped = (): Failure => new Failure('live/stopped', 'The film was stopped')
