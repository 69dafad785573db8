import type { MediaFacts, SoundFacts, SubtitleFacts } from '../../../core/library/media-item.ts'
import type { Looks } from '../../../core/linear/looks.ts'
import { languageOf } from './languages.ts'

/** What nobody wants to hear who has not asked for it. */
const COMMENTARY = /comment|kommentar|descri|beschreibung|hörfilm|audiodes/i

/**
 * The sound track for each track of the channel; empty: the file has no sound. The first is the first language of the wish
 * list that the file has, else the file's default. Track n speaks the n-th language, or the same as the first.
 */
export function chooseSound(
  audio: MediaFacts['audio'],
  looks: Pick<Looks, 'audioTracks' | 'languages'>,
): readonly SoundFacts[] {
  const inLanguage = (wish: string | undefined): SoundFacts | undefined => {
    const language = languageOf(wish ?? null)
    return language === null ? undefined : best(audio.filter((track) => languageOf(track.language) === language))
  }
  const first = looks.languages.map(inLanguage).find((track) => track !== undefined) ?? best(audio)
  if (first === undefined) return []
  if (looks.audioTracks === 1) return [first]
  return Array.from({ length: looks.audioTracks }, (_, index) => inLanguage(looks.languages[index]) ?? first)
}

const rank = ({ title, isDefault }: SoundFacts): number => (COMMENTARY.test(title ?? '') ? 2 : 0) + (isDefault ? 0 : 1)

/** The default, before others; commentaries and descriptions last. */
function best(tracks: readonly SoundFacts[]): SoundFacts | undefined {
  return tracks.toSorted((a, b) => rank(a) - rank(b))[0]
}

/** The subtitles that are drawn in; null: none. Of several in one language those that are not forced, unless only such are wanted. */
export function chooseSubtitles(
  subtitles: MediaFacts['subtitles'],
  { mode, languages }: Looks['subtitles'],
): SubtitleFacts | null {
  if (mode === 'off') return null
  const wanted = subtitles.filter(({ isForced }) => mode === 'burn' || isForced)
  const ranked = wanted.toSorted((a, b) => Number(a.isForced) - Number(b.isForced))
  if (languages.length === 0) return ranked[0] ?? null
  for (const wish of languages) {
    const found = ranked.find(({ language }) => languageOf(language) === languageOf(wish))
    if (found !== undefined) return found
  }
  return null
}
