/**
 * Sentences in which two streams, or a channel and one of a guide, are found to be the same; `{place}` for each fact.
 *
 * They are kept as text, with each stream. Pages in other languages read them back by their shape (`readEvidence`).
 */
export const EVIDENCE = {
  service: 'Same broadcast service {service}',
  'old-service': 'Same broadcast service',
  guide: 'Same guide id "{id}"',
  'guide-and-name': 'Same guide id "{id}" and name',
  name: 'Same name "{name}"',
  'name-in-country': 'Same name "{name}" of {country}',
  'name-elsewhere': 'Same name "{name}", but of {country} and not of {own}',
  'common-name': 'Same name "{name}", which many channels have',
  'name-of-several': 'Same name "{name}", which channels of several countries have',
  words: 'Names share {words}',
  place: 'In the place of "{name}"',
  backup: 'Marked as its backup by the same source',
} as const

/** Which of them. */
export type EvidenceKind = keyof typeof EVIDENCE

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never

/** A sentence and what stands in it. */
export type Evidence = { readonly kind: EvidenceKind; readonly facts: Readonly<Record<string, string>> }

/** The sentence with its facts. */
export function printEvidence<Kind extends EvidenceKind>(
  kind: Kind,
  facts: Readonly<Record<Places<(typeof EVIDENCE)[Kind]>, string>>,
): string {
  const known: Readonly<Record<string, string>> = facts
  return EVIDENCE[kind].replace(/\{(\w+)\}/g, (_, place: string) => known[place] ?? '')
}

/** Reads what `printEvidence` has printed; null: the text is none of these sentences. */
export function readEvidence(text: string): Evidence | null {
  for (const kind of KINDS) {
    const found = shapeOf(EVIDENCE[kind]).exec(text)
    if (found !== null) return { kind, facts: { ...found.groups } }
  }
  return null
}

const isKind = (text: string): text is EvidenceKind => Object.hasOwn(EVIDENCE, text)
/** The longest first: of two that fit, the one that says more is meant. */
const KINDS = Object.keys(EVIDENCE)
  .filter(isKind)
  .toSorted((a, b) => EVIDENCE[b].length - EVIDENCE[a].length)

const shapeOf = (sentence: string): RegExp =>
  new RegExp(`^${sentence.replace(/\{(country|own)\}/g, '(?<$1>[A-Z]+)').replace(/\{(\w+)\}/g, '(?<$1>.*)')}$`, 's')
