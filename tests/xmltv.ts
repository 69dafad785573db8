import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readXml } from './xml.ts'
import type { Element } from './xml.ts'

/** Path of the declarations of XMLTV's DTD. */
export const XMLTV_DTD = new URL('fixtures/xmltv/xmltv.dtd', import.meta.url)

type Rules = {
  /** Pattern for the names of an element's children, each followed by `;`. */
  readonly content: ReadonlyMap<string, RegExp>
  /** Elements that hold text. */
  readonly texts: ReadonlySet<string>
  readonly attributes: ReadonlyMap<
    string,
    { readonly allowed: ReadonlySet<string>; readonly required: readonly string[] }
  >
}

function readDtd(text: string): Rules {
  const content = new Map<string, RegExp>()
  const texts = new Set<string>()
  for (const [, name = '', model = ''] of text.matchAll(/<!ELEMENT\s+(\S+)\s+(.*?)>/gs)) {
    const names =
      model.trim() === 'EMPTY'
        ? ''
        : model
            .replace(/#PCDATA\s*\|?/g, '')
            .replace(/[a-z-]+/g, '(?:$&;)')
            .replace(/[\s,]/g, '')
    if (model.includes('#PCDATA')) texts.add(name)
    content.set(name, new RegExp(`^${names}$`))
  }
  const attributes = new Map<string, { allowed: Set<string>; required: string[] }>()
  for (const [, name = '', list = ''] of text.matchAll(/<!ATTLIST\s+(\S+)\s+(.*?)>/gs)) {
    const entry = attributes.get(name) ?? { allowed: new Set<string>(), required: [] }
    attributes.set(name, entry)
    for (const [, key = '', rule = ''] of list.matchAll(
      /([\w-]+)\s+(?:CDATA|\([^)]*\))\s+(#REQUIRED|#IMPLIED|"[^"]*")/g,
    )) {
      entry.allowed.add(key)
      if (rule === '#REQUIRED') entry.required.push(key)
    }
  }
  return { content, texts, attributes }
}

const rules = readDtd(readFileSync(XMLTV_DTD, 'utf8'))

function checkByDtd(element: Element): void {
  const names = element.children.map(({ name }) => `${name};`).join('')
  const pattern = rules.content.get(element.name)
  assert.ok(pattern, `<${element.name}> is not in the DTD`)
  assert.match(names, pattern, `children of <${element.name}>`)
  const { allowed, required } = rules.attributes.get(element.name) ?? { allowed: new Set<string>(), required: [] }
  for (const key of Object.keys(element.attributes))
    assert.ok(allowed.has(key), `<${element.name} ${key}> is not in the DTD`)
  for (const key of required) assert.ok(key in element.attributes, `<${element.name}> without ${key}`)
  element.children.forEach(checkByDtd)
}

/** One programme as the document has it. Instants are epoch milliseconds. */
export type Listed = {
  readonly channel: string
  readonly start: number
  readonly stop: number
  readonly element: Element
}

/**
 * Reads a guide and asserts that it is well-formed, valid by the DTD, and holds the rules of `tv_validate_file` and ours:
 * legal ids, each channel once and with programmes, times in UTC, in order, without overlaps and gaps, no empty texts.
 */
export function readXmltv(text: string): {
  readonly channels: readonly Element[]
  readonly programmes: readonly Listed[]
} {
  const tv = readXml(text)
  assert.equal(tv.name, 'tv')
  checkByDtd(tv)
  const channels = tv.children.filter(({ name }) => name === 'channel')
  const ids = channels.map(({ attributes }) => attributes['id'] ?? '')
  for (const id of ids) assert.match(id, /^[-a-zA-Z0-9]+(\.[-a-zA-Z0-9]+)+$/)
  assert.deepEqual(ids, [...new Set(ids)].toSorted(), 'channels are in order of id, each once')

  const programmes = tv.children.filter(({ name }) => name === 'programme').map(toListed)
  for (const [index, programme] of programmes.entries()) {
    const before = programmes[index - 1]
    assert.ok(programme.stop > programme.start)
    if (before?.channel === programme.channel) assert.equal(before.stop, programme.start, 'no overlap, no gap')
    for (const child of programme.element.children) {
      if (rules.texts.has(child.name)) assert.notEqual(child.text.trim(), '', `<${child.name}> is empty`)
      if (child.name !== 'desc') assert.doesNotMatch(child.text, /\n/)
    }
  }
  const order = programmes.map(({ channel }) => channel).filter((channel, index, all) => channel !== all[index - 1])
  assert.deepEqual(order, ids, 'each channel has programmes, in the order of channels')
  return { channels, programmes }
}

function toListed(element: Element): Listed {
  const time = (key: string): number => {
    const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d) \+0000$/.exec(element.attributes[key] ?? '') ?? []
    assert.equal(parts.length, 6, `${key} is "${element.attributes[key]}"`)
    const [year = 0, month = 0, ...rest] = parts.map(Number)
    return Date.UTC(year, month - 1, ...rest)
  }
  return { channel: element.attributes['channel'] ?? '', start: time('start'), stop: time('stop'), element }
}
