import { readFragments, readFragmentSetup } from './fragments.ts'
import type { FragmentSetup } from './fragments.ts'
import { PackedAudio } from './packed-audio.ts'
import type { Sample } from './sample.ts'
import { TransportSamples } from './transport-samples.ts'

const SYNC = 0x47 // ISO/IEC 13818-1, 2.4.3.2

/** Takes the segments of one list apart, whatever they are: MPEG-TS, fragments of MP4, sound with nothing around it. */
export class SegmentSamples {
  readonly #transport = new TransportSamples()
  readonly #sound = new PackedAudio()
  #init: Uint8Array | null = null
  #setup: FragmentSetup | null = null

  /**
   * The samples of a segment. `init` is what stands before fragments; the same bytes are the same object.
   *
   * Fails with `source/not-supported` or `source/bad-answer`.
   */
  read(bytes: Uint8Array, init: Uint8Array | null): readonly Sample[] {
    if (init !== null) {
      if (init !== this.#init || this.#setup === null) this.#setup = readFragmentSetup(init)
      this.#init = init
      return [...readFragments(bytes, this.#setup)]
    }
    return bytes[0] === SYNC ? this.#transport.read(bytes) : this.#sound.read(bytes)
  }
}
