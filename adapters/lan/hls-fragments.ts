import { isFragmentable } from '../../core/live/fmp4/sound-format.ts'
import type { FragmentContent, FragmentFormat } from '../../core/live/hls-fragment.ts'
import { fragmentFormat } from '../../core/live/hls-fragment.ts'
import type { HlsRing } from '../../core/live/hls-ring.ts'
import type { Span } from '../../core/live/ring/piece.ts'
import type { Program } from '../../core/live/program.ts'
import { InitSections } from './hls-init-sections.ts'
import type { InitSection } from './hls-init-sections.ts'
import type { HlsSound } from './hls-sound.ts'
import type { VariantContent } from './hls-variants.ts'

/** A segment as far as its initialization section is concerned: what is in its beginning says how it is written. */
export type SectionOf = { readonly msn: number; readonly program: Program; readonly span: Span }

/** Stretches of a session as they go into fragmented MP4, variant by variant. */
export class HlsFragments {
  readonly #ring: HlsRing
  readonly #sound: HlsSound
  readonly #sections = new Map<string, InitSections>()

  constructor({ ring, sound }: { readonly ring: HlsRing; readonly sound: HlsSound }) {
    this.#ring = ring
    this.#sound = sound
  }

  /** Pictures and sound of a stretch that a variant has. Sound that has no place in fragments is left out. */
  content(program: Program, variant: VariantContent, span: Span): FragmentContent {
    const hasVideo = variant.hasVideo && program.streams.some(({ kind }) => kind === 'video')
    return {
      span,
      program,
      pictures: hasVideo ? this.#ring.pictures(span) : [],
      sounds: this.#sound.runs(program, variant, span).filter(({ codec }) => isFragmentable(codec)),
    }
  }

  /** The initialization section of a segment of the variant of this name; null: its pictures have not said enough. */
  section(name: string, variant: VariantContent, { msn, program, span }: SectionOf): InitSection | null {
    const sections = this.#sections.get(name) ?? new InitSections()
    this.#sections.set(name, sections)
    return sections.of(msn, (before) =>
      fragmentFormat(this.content(program, variant, span), this.#expected(program, variant, before)),
    )
  }

  /** A section by its number; null: there is none. */
  sectionById(name: string, id: number): InitSection | null {
    return this.#sections.get(name)?.byId(id) ?? null
  }

  /** What is known without looking: sound that is made here, and all that was so before. */
  #expected(program: Program, variant: VariantContent, before: FragmentFormat | null): FragmentFormat {
    const made = variant
      .aac(program)
      .map(({ pid, language }) => [pid, { ...this.#sound.madeFormat, language }] as const)
    return { picture: before?.picture ?? null, sounds: new Map([...(before?.sounds ?? []), ...made]) }
  }
}
