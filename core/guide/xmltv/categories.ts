/** Words of several languages that say a kind of programme and nothing more, by our word for it. */
const KINDS: Readonly<Record<string, string>> = {
  Movie: `movie movies film films feature-film spielfilm fernsehfilm tv-movie telefilm téléfilm película pelicula filmy
    cinema cine cinéma kino speelfilm långfilm elokuva`,
  Series: `series serie serien série séries serial serier tv-series episodic fernsehserie seriál sarja`,
  Sports: `sports sport deporte deportes desporto sporten urheilu idrott`,
  News: `news nachrichten noticias journal informations informacje notiziario telegiornale nieuws nyheter uutiset
    current-affairs journaal jt`,
  Kids: `kids children childrens kinder kinderprogramm jeunesse enfants infantil bambini ragazzi dzieci dla-dzieci jeugd
    barn lapset`,
  Documentary: `documentary documentaries doku dokumentation dokumentarfilm documentaire documental documentario dokument
    dokumentalny dokumentär dokumentti`,
  Music: `music musik musique música musica muzyka muziek musiikki`,
}

/** Words that tell a kind and more: they stay as genres. */
const FLAVOURS: Readonly<Record<string, string>> = {
  Series: `sitcom soap telenovela`,
  Sports: `football soccer fußball basketball tennis formula-1 motorsport`,
  Kids: `cartoon cartoons zeichentrick`,
  Music: `concert konzert`,
}

const index = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(table).flatMap(([kind, words]) => words.split(/\s+/).map((word): [string, string] => [word, kind])),
  )
const KIND_OF = index(KINDS)
const FLAVOUR_OF = index(FLAVOURS)

const MOST = 8
const NONE: readonly string[] = []
const SERIES: readonly string[] = ['Series']

/**
 * A document's categories as ours: at most one type word first, then genres as they were written, each once.
 *
 * The first word that names a kind gives the type; what has an episode number and names no kind is a series.
 */
export function toCategories(written: readonly string[], isEpisode: boolean): readonly string[] {
  if (written.length === 0) return isEpisode ? SERIES : NONE
  let kind: string | null = null
  const genres = new Set<string>()
  for (const word of written) {
    const key = word.toLowerCase().replaceAll(' ', '-')
    const named = KIND_OF.get(key)
    kind ??= named ?? FLAVOUR_OF.get(key) ?? null
    if (named === undefined || named !== kind) genres.add(word)
  }
  if (kind === null && isEpisode) kind = 'Series'
  return [...(kind === null ? [] : [kind]), ...genres].slice(0, MOST)
}
