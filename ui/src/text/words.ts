import { catalogue } from './catalogue.ts'

/** What stands before a notice about a source. */
export const words = catalogue({
  en: { source: (name: string) => `Source "${name}"` },
  de: { source: (name) => `Quelle „${name}“` },
})
