import { initSection } from '../../core/live/hls-fragment.ts'
import type { FragmentFormat } from '../../core/live/hls-fragment.ts'

/** So many formats of a variant are remembered; a channel has one or two. */
const MAX_SECTIONS = 32
/** So many segments know their section; far more than any list has. */
const MAX_SEGMENTS = 512

/** An initialization section of a variant, by its number in URLs. */
export type InitSection = {
  readonly id: number
  readonly format: FragmentFormat
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The initialization sections of one variant: a new one where the format of its tracks changes. */
export class InitSections {
  #sections: InitSection[] = []
  readonly #bySegment = new Map<number, InitSection>()
  #next = 0

  /** The section of this number; null: there is none. */
  byId(id: number): InitSection | null {
    return this.#sections.find((section) => section.id === id) ?? null
  }

  /**
   * The section of a segment, which never changes. `probe` is asked once: it gets the format of the segment asked for before,
   * and gives null as long as that cannot be said.
   */
  of(msn: number, probe: (before: FragmentFormat | null) => FragmentFormat | null): InitSection | null {
    const known = this.#bySegment.get(msn)
    if (known) return known
    const format = probe(this.#sections.at(-1)?.format ?? null)
    if (format === null) return null
    const section = this.#find(format)
    this.#bySegment.set(msn, section)
    for (const [oldest] of this.#bySegment) {
      if (this.#bySegment.size <= MAX_SEGMENTS) break
      this.#bySegment.delete(oldest)
    }
    return section
  }

  #find(format: FragmentFormat): InitSection {
    const bytes = initSection(format)
    const known = this.#sections.find((section) => isSame(section.bytes, bytes))
    // The newest one stands last: the format that a segment without its own goes on with.
    const section = known ?? { id: this.#next++, format, bytes }
    this.#sections = [...this.#sections.filter(({ id }) => id !== section.id), section].slice(-MAX_SECTIONS)
    return section
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
