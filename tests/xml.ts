import assert from 'node:assert/strict'

/** An element of a document. `text` is its own text, without that of its children. */
export type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u // XML 1.0, production 2
const TOKEN =
  /<\?xml[^>]*\?>|<!DOCTYPE [^>[]*>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads the part of XML that a document of ours may use, strictly: no comments, no CDATA, double quotes, the five
 * entities. Fails an assertion for anything else, so that a document it reads is well-formed.
 */
export function readXml(text: string): Element {
  assert.doesNotMatch(text, ILLEGAL)
  assert.ok(text.isWellFormed())
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open: Element[] = [root]
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    end = match.index + match[0].length
    const parent = open.at(-1)
    assert.ok(parent)
    const [, closing, name, attributes = '', empty, words] = match
    if (words !== undefined) parent.text += decode(words)
    else if (name === undefined) assert.equal(open.length, 1, 'a declaration inside of an element')
    else if (closing === '/') assert.equal(open.pop()?.name, name)
    else {
      const element: Element = { name, attributes: readAttributes(attributes), children: [], text: '' }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  assert.equal(end, text.length, `cannot be read from: ${text.slice(end, end + 80)}`)
  assert.equal(open.length, 1, 'an element is not closed')
  assert.equal(root.children.length, 1)
  assert.equal(root.text.trim(), '')
  const [only] = root.children
  assert.ok(only)
  return only
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(
    ([, key = '', value = '']) => [key, decode(value)] as const,
  )
  assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, 'an attribute twice')
  return Object.fromEntries(pairs)
}

const decode = (text: string): string =>
  text.replace(/&([^;\s&]*;?)/g, (_, entity: string) => {
    const character = ENTITIES[entity.slice(0, -1)]
    assert.ok(character !== undefined && entity.endsWith(';'), `unknown entity &${entity}`)
    return character
  })
