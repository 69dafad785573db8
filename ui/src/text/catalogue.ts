import { language } from './language.ts'

/** Texts of a part of the pages: sentences, functions that make one, and groups of them. */
export type Texts = { readonly [key: string]: string | ((...facts: never[]) => string) | Texts }

/** The same keys and shapes in another language. */
export type SameTexts<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...facts: infer Facts) => string
      ? (...facts: Facts) => string
      : SameTexts<T[Key]>
}

/** A catalogue gives its texts in the language of the page; `both` has them all (tests compare them). */
export type Catalogue<T> = (() => SameTexts<T>) & {
  readonly both: { readonly en: SameTexts<T>; readonly de: SameTexts<T> }
}

/**
 * The texts of a folder, `words().save`. German has the same keys by type; a text with facts in it is a function.
 *
 * @example
 * export const words = catalogue({
 *   en: { save: 'Save', rows: (n: number) => counted(n, 'row', 'rows') },
 *   de: { save: 'Speichern', rows: (n) => counted(n, 'Zeile', 'Zeilen') },
 * })
 */
export function catalogue<T extends Texts>(both: { readonly en: T; readonly de: NoInfer<SameTexts<T>> }): Catalogue<T>
export function catalogue(both: { readonly en: Texts; readonly de: Texts }): Catalogue<Texts> {
  return Object.assign(() => both[language()], { both })
}
