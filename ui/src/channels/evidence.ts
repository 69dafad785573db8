import { readEvidence } from '../../../core/lineup/match/evidence.ts'
import { language } from '../text/language.ts'
import { evidence } from './words.ts'

/** Why two are the same, in the language of the page; as it came where the page does not know the sentence. */
export function evidenceText(text: string): string {
  const read = language() === 'en' ? null : readEvidence(text)
  if (read === null) return text
  return evidence()[read.kind].replace(/\{(\w+)\}/g, (_, place: string) => read.facts[place] ?? '')
}
