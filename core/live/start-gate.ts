import { Failure } from '../errors.ts'
import { Splicer } from './splicer.ts'

/** A start that has bytes but no picture by then has failed, whatever the reason. */
const PICTURE_MS = 15_000
/** So many PATs without the programme say that it is not there; the first ones may be of the transponder before. */
const WRONG_TABLES = 5
/** Encrypted packets of the picture that tell encryption from a late key. */
const SCRAMBLED_PACKETS = 20
/** Packets of the picture without the beginning of one: it was decrypted with a wrong key. */
const GARBAGE_PACKETS = 250
/** Packets that are kept until the picture comes: more than a GOP of UHD, and tables come twice a second. */
const MAX_KEPT = 16 * 1024 * 1024

/** What a gate needs. */
export type StartGateOptions = {
  readonly programNumber: number | null
  /** How long payload may stay scrambled or undecodable, milliseconds. */
  readonly clearWithinMs: number
  readonly channelName: string
  readonly now: () => number
}

/**
 * Keeps a new upstream away from viewers until it has a clean picture, and tells why if it never does.
 *
 * A splicer of its own, whose output nobody sees, decides: what viewers see in the meantime (the end of the stream before,
 * a slate) goes on undisturbed, and a stream that turns out to be no television leaves no trace on the time line.
 */
export class StartGate {
  readonly programNumber: number | null
  readonly #options: StartGateOptions
  readonly #probe: Splicer
  #kept: Uint8Array[] = []
  #keptBytes = 0
  #hasPicture = false

  constructor(options: StartGateOptions) {
    this.programNumber = options.programNumber
    this.#options = options
    this.#probe = new Splicer({
      now: options.now,
      onProgram: () => {},
      onChunk: () => (this.#hasPicture = true),
    })
    this.#probe.nextUpstream(options.programNumber)
  }

  /** It starts with its sound, because its picture does not come. */
  get isSoundAlone(): boolean {
    return this.#probe.isSoundAlone
  }

  /** Takes whole packets; gives all that were kept once the first clean picture is among them, else null. */
  push(packets: Uint8Array): Uint8Array | null {
    this.#kept.push(packets)
    this.#keptBytes += packets.length
    while (this.#keptBytes > MAX_KEPT && this.#kept.length > 1) this.#keptBytes -= this.#kept.shift()?.length ?? 0
    // A splicer changes the headers of what it is given.
    this.#probe.push(packets.slice())
    return this.open()
  }

  /** What was kept, if the first clean picture has come; to be asked now and then, since sound alone starts by time. */
  open(): Uint8Array | null {
    this.#probe.flush()
    if (!this.#hasPicture) return null
    const joined = new Uint8Array(this.#keptBytes)
    let at = 0
    for (const packets of this.#kept) {
      joined.set(packets, at)
      at += packets.length
    }
    this.#kept = []
    return joined
  }

  /** Names what keeps the start from becoming a picture after so many milliseconds; null: nothing yet. */
  verdict(waitedMs: number): Failure | null {
    const { counts, tables } = this.#probe
    const { channelName, clearWithinMs, programNumber } = this.#options
    const isLate = waitedMs > clearWithinMs
    if (tables.missing >= WRONG_TABLES)
      return new Failure('live/wrong-service', `Programme ${programNumber ?? '?'} is not in what the source sends`)
    if (isLate && counts.scrambled >= SCRAMBLED_PACKETS)
      return new Failure('live/scrambled', `"${channelName}" comes encrypted`, { packets: counts.scrambled })
    if (isLate && counts.leading >= GARBAGE_PACKETS && counts.leadingPes === 0)
      return new Failure('live/scrambled', `"${channelName}" comes decrypted with a wrong key`, {
        packets: counts.leading,
      })
    if (waitedMs <= PICTURE_MS) return null
    const what =
      tables.read === 0
        ? 'no programme table'
        : counts.clear === 0
          ? 'no picture or sound'
          : 'no picture that can be decoded'
    return new Failure('live/silent', `"${channelName}" sends data but ${what}`)
  }
}
