/** More than this never waits for the disk: a disk that is this far behind is too slow. */
const MAX_WAITING = 8 * 1024 * 1024

/**
 * Port: a run of bytes on disk, cut into reels of one size, so that its beginning can be deleted.
 *
 * Reel n holds positions n × `reelBytes` to (n + 1) × `reelBytes`. Rejections are errors whose message is a half sentence for
 * the owner (`the disk is full`).
 */
export interface TapeFile {
  /** Writes at a position; called in order and one at a time. The bytes are not changed while it runs. */
  write(position: number, bytes: Uint8Array): Promise<void>
  /** Exactly `length` bytes; rejects if they are not there. */
  read(position: number, length: number): Promise<Uint8Array>
  /** Deletes a reel. */
  drop(reel: number): Promise<void>
  /** Deletes everything; idempotent. */
  close(): Promise<void>
}

/** Port: the folder where tapes are. */
export interface TapeStore {
  readonly reelBytes: number
  /** An empty tape; touches the disk only with the first `write`. `name`: letters, digits, `-`. */
  open(name: string): TapeFile
  /** Bytes that may still be written until the disk is as full as it may become; below 0: it is fuller. */
  room(): Promise<number>
}

/** What a tape needs. */
export type TapeOptions = {
  readonly file: TapeFile
  readonly reelBytes: number
  /** A new reel was begun: more of the disk is used. */
  readonly onReel: () => void
  /** Once, when it is given up: why, as a half sentence. Everything on it is gone then. */
  readonly onLost: (reason: string) => void
}

type Waiting = { readonly position: number; readonly bytes: Uint8Array }

/**
 * A run of bytes that is written at its end without ever holding up whoever writes, and can be read while it grows.
 *
 * Bytes wait in memory until the disk has them, 8 MiB at most. Positions count from the beginning. A tape whose disk is
 * full, gone or too slow is given up as a whole.
 */
export class Tape {
  readonly #options: TapeOptions
  #from = 0
  #end = 0
  #dropped = 0
  /** When each reel that is kept was begun, epoch milliseconds. */
  #begun: number[] = []
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #isWriting = false
  #isOver = false

  constructor(options: TapeOptions) {
    this.#options = options
  }

  /** Position of the first byte that can be read. */
  get from(): number {
    return this.#from
  }

  /** Position behind the last byte. */
  get end(): number {
    return this.#end
  }

  /** What it takes of the disk. */
  get held(): number {
    return this.#isOver ? 0 : this.#end - this.#dropped * this.#options.reelBytes
  }

  /** When its oldest reel was begun, epoch milliseconds; `Infinity`: it has none that could be given back. */
  get oldestAt(): number {
    return this.#begun.length > 1 ? (this.#begun[0] ?? Infinity) : Infinity
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Puts bytes at the end; they must not be changed any more. */
  append(bytes: Uint8Array, atMs: number): void {
    if (this.#isOver || bytes.length === 0) return
    if (this.#waitingBytes + bytes.length > MAX_WAITING) {
      this.lose('the disk is too slow')
      return
    }
    this.#waiting.push({ position: this.#end, bytes })
    this.#waitingBytes += bytes.length
    this.#end += bytes.length
    const reels = Math.ceil(this.#end / this.#options.reelBytes) - this.#dropped
    const hasNew = reels > this.#begun.length
    while (this.#begun.length < reels) this.#begun.push(atMs)
    if (!this.#isWriting) void this.#write()
    if (hasNew) this.#options.onReel()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    try {
      for (let next = this.#waiting[0]; next !== undefined && !this.#isOver; next = this.#waiting[0]) {
        await this.#options.file.write(next.position, next.bytes)
        if (this.#isOver) break
        this.#waiting.shift()
        this.#waitingBytes -= next.bytes.length
      }
    } catch (error) {
      this.lose(error instanceof Error ? error.message : String(error))
    }
    this.#isWriting = false
  }

  /** Exactly these bytes. Rejects with a `RangeError` if they are not all there (any more); a disk that fails ends the tape. */
  async read(position: number, length: number): Promise<Uint8Array> {
    if (this.#isOver || position < this.#from || position + length > this.#end)
      throw new RangeError(`Cannot read ${length} bytes at ${position} of ${this.#from} to ${this.#end}`)
    const onDisk = Math.min(Math.max((this.#waiting[0]?.position ?? this.#end) - position, 0), length)
    if (onDisk === length) return this.#readDisk(position, length)
    const bytes = new Uint8Array(length)
    for (const piece of this.#waiting) {
      const at = piece.position - position
      if (at + piece.bytes.length <= 0 || at >= length) continue
      bytes.set(piece.bytes.subarray(Math.max(-at, 0), Math.min(length - at, piece.bytes.length)), Math.max(at, 0))
    }
    if (onDisk > 0) bytes.set(await this.#readDisk(position, onDisk))
    return bytes
  }

  async #readDisk(position: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#options.file.read(position, length)
    } catch (error) {
      // Unless it was deleted on purpose meanwhile.
      if (position >= this.#from) this.lose(error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  /** Nobody needs what is before `position`; whole reels are deleted. */
  forget(position: number): void {
    if (this.#isOver || position <= this.#from) return
    this.#from = Math.min(position, this.#end)
    const { file, reelBytes } = this.#options
    while ((this.#dropped + 1) * reelBytes <= this.#from) {
      const reel = this.#dropped
      this.#dropped += 1
      this.#begun.shift()
      // A reel that cannot be deleted now goes with the tape, or at the next start of the program.
      file.drop(reel).catch(() => {})
    }
  }

  /** Deletes the oldest reel. */
  giveBack(): void {
    this.forget((this.#dropped + 1) * this.#options.reelBytes)
  }

  /** Gives the tape up: everything on it is gone. */
  lose(reason: string): void {
    if (this.#isOver) return
    void this.close()
    this.#options.onLost(reason)
  }

  /** Deletes everything; idempotent. */
  async close(): Promise<void> {
    this.#isOver = true
    this.#waiting = []
    this.#waitingBytes = 0
    await this.#options.file.close().catch(() => {}) // what is left goes at the next start of the program
  }
}
