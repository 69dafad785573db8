const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/**
 * The raw value of an attribute in the inside of a tag (`start="…" channel='…'`), entities not yet decoded; null if it
 * is not there. Takes either kind of quotes, none at all, and blanks around `=`.
 */
export function attributeOf(tag: string, name: string): string | null {
  for (let at = tag.indexOf(name); at >= 0; at = tag.indexOf(name, at + 1)) {
    if (at > 0 && !isBlank(tag.charCodeAt(at - 1)) && !isQuote(tag[at - 1])) continue
    let next = skipBlanks(tag, at + name.length)
    if (tag[next] !== '=') continue
    next = skipBlanks(tag, next + 1)
    const quote = tag[next]
    if (isQuote(quote)) {
      const end = tag.indexOf(quote, next + 1)
      return tag.slice(next + 1, end < 0 ? undefined : end)
    }
    return /^[^\s"'/]*/.exec(tag.slice(next))?.[0] ?? ''
  }
  return null
}

const isQuote = (character: string | undefined): character is '"' | "'" => character === '"' || character === "'"

function skipBlanks(text: string, at: number): number {
  let next = at
  while (isBlank(text.charCodeAt(next))) next++
  return next
}
