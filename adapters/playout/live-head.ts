import { PacketAligner } from '../../core/live/align.ts'
import { PACKET_SIZE, pidAt } from '../../core/live/packet.ts'
import { parsePat, parsePmt, SectionReader } from '../../core/live/psi.ts'

/** A stream whose tables do not come by then is taken as it is, with sound: 1 MiB. */
const MOST_BYTES = 1024 * 1024

/**
 * Keeps the beginning of a live stream until its tables say whether it has sound: an encoder has to know that from the start.
 */
export class LiveHead {
  readonly #aligner = new PacketAligner()
  readonly #pat = new SectionReader()
  readonly #pmt = new SectionReader()
  #pmtPid: number | null = null
  #bytes = 0
  /** What has come so far, in order. */
  readonly chunks: Uint8Array[] = []
  /** Null: not known yet. */
  hasSound: boolean | null = null

  /** Takes what comes next. Throws `live/not-mpeg-ts`. */
  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.#bytes += chunk.length
    const packets = this.#aligner.push(chunk)
    for (let offset = 0; offset < packets.length && this.hasSound === null; offset += PACKET_SIZE) {
      const pid = pidAt(packets, offset)
      if (pid === 0)
        for (const section of this.#pat.push(packets, offset)) [this.#pmtPid = null] = parsePat(section)?.values() ?? []
      else if (pid === this.#pmtPid)
        for (const section of this.#pmt.push(packets, offset))
          this.hasSound = parsePmt(section)?.streams.some(({ kind }) => kind === 'audio') ?? null
    }
    if (this.#bytes > MOST_BYTES) this.hasSound ??= true
  }
}
