import { decodeEscaped } from '../../../core/entities.ts'

/**
 * The contents of every element of this name, in order, as they stand in the document.
 *
 * Enough for the flat lists of the old web interface: elements of one name are never nested there, and a document that
 * lacks its end gives what is whole.
 */
export function* xmlElements(xml: string, name: string): Generator<string, void, undefined> {
  const open = new RegExp(`<${name}(?:\\s[^>]*)?/?>`, 'g')
  const close = `</${name}>`
  for (let match = open.exec(xml); match !== null; match = open.exec(xml)) {
    if (match[0].endsWith('/>')) yield ''
    else {
      const end = xml.indexOf(close, open.lastIndex)
      if (end < 0) return
      yield xml.slice(open.lastIndex, end)
      open.lastIndex = end + close.length
    }
  }
}

/** The text of the first element of this name; null if it is missing, empty or Python's `None`. */
export function xmlText(xml: string, name: string): string | null {
  const [content] = xmlElements(xml, name)
  if (content === undefined) return null
  const text = decodeEscaped(content.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1'))
  return text.trim() === '' || text.trim() === 'None' ? null : text
}

/** An attribute of the first element of this name. */
export function xmlAttribute(xml: string, name: string, attribute: string): string | null {
  return new RegExp(`<${name}\\s[^>]*\\b${attribute}="([^"]*)"`).exec(xml)?.[1] ?? null
}
