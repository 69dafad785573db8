import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync } from 'oxc-parser'
import { FAILURES } from '../../../core/errors.ts'
import type { FailureKind } from '../../../core/errors.ts'
import { NOTICES } from '../../../core/notices/catalogue.ts'
import { GERMAN } from '../../../ui/src/text/failures.ts'
import { GERMAN as GERMAN_NOTICES } from '../../../ui/src/text/notices-german.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SOURCES = readdirSync(join(ROOT, 'ui/src'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted()

type Node = { readonly type: string; readonly [key: string]: unknown }

/** Attributes whose text is read by people. Parts of ours take such texts by `label`, `text`, `help` and the like. */
const FOR_PEOPLE =
  /^(aria-(label|description|valuetext|roledescription)|title|placeholder|alt|label|help|text|what|submit|unit|empty)$/
/** Names, keys and formats that are the same in every language. */
const SAME_EVERYWHERE = new Set(['downlink', 'Ctrl K', 'QR', 'm3u', 'XMLTV', 'EPG', 'IP', 'Enigma2', 'x'])
/** What stands in these is code. */
const CODE = new Set(['code', 'kbd', 'pre', 'samp'])

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value
/** A part of an address is the same in every language. */
const isAddress = (text: string): boolean => text.includes('/') && !/\s/.test(text)
const isText = (text: unknown): text is string =>
  typeof text === 'string' && /\p{L}/u.test(text) && !SAME_EVERYWHERE.has(text.trim()) && !isAddress(text)

const nameOf = (value: unknown): string => (isNode(value) && typeof value['name'] === 'string' ? value['name'] : '')

/** Texts for people that are written where they are drawn. */
function textsIn(tree: unknown): string[] {
  const found: string[] = []
  /** What an expression shows: the branches of a choice, the parts of a sentence. */
  const shown = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.type === 'Literal' && isText(node['value'])) found.push(node['value'])
    if (node.type === 'TemplateLiteral') {
      for (const quasi of node['quasis'] as Node[]) {
        const { raw } = quasi['value'] as { raw: string }
        if (isText(raw)) found.push(raw)
      }
    }
    if (node.type === 'ConditionalExpression') [node['consequent'], node['alternate']].forEach(shown)
    if (node.type === 'LogicalExpression') shown(node['right'])
    if (node.type === 'ParenthesizedExpression') shown(node['expression'])
  }
  const walk = (value: unknown, inCode: boolean): void => {
    if (Array.isArray(value)) return value.forEach((one) => walk(one, inCode))
    if (!isNode(value)) return
    if (!inCode) {
      if (value.type === 'JSXText' && isText(value['value'])) found.push(value['value'].trim())
      if (value.type === 'JSXElement' || value.type === 'JSXFragment') {
        for (const child of value['children'] as Node[]) {
          if (child.type === 'JSXExpressionContainer') shown(child['expression'])
        }
      }
      if (value.type === 'JSXAttribute' && FOR_PEOPLE.test(nameOf(value['name']))) {
        const given = value['value']
        shown(isNode(given) && given.type === 'JSXExpressionContainer' ? given['expression'] : given)
      }
    }
    const opening = value['openingElement']
    const isCode = inCode || (value.type === 'JSXElement' && isNode(opening) && CODE.has(nameOf(opening['name'])))
    for (const [key, inner] of Object.entries(value)) if (key !== 'type') walk(inner, isCode)
  }
  walk(tree, false)
  return found
}

const parse = (path: string, text: string): unknown => parseSync(path, text).program

test('textsIn() finds what people read, and nothing else', () => {
  const found = (jsx: string) => textsIn(parse('x.tsx', `const x = ${jsx}`))
  assert.deepEqual(found('<p>Hello</p>'), ['Hello'])
  assert.deepEqual(found('<p>{a ? "Yes" : `${n} rows`}{b && "No"}</p>'), ['Yes', ' rows', 'No'])
  assert.deepEqual(found('<Field label="Name" name="name" aria-label={`Stop ${x}`} />'), ['Name', 'Stop '])
  assert.deepEqual(found('<p class="x">{words().hello} · {n}<code>npm run demo</code>downlink</p>'), [])
})

test('texts for people stand in words.ts, never in the drawing', () => {
  const wrong = SOURCES.filter((path) => path.endsWith('.tsx')).flatMap((path) =>
    textsIn(parse(path, readFileSync(join(ROOT, 'ui/src', path), 'utf8'))).map((text) => `${path}: ${text}`),
  )
  assert.deepEqual(wrong, [])
})

/** Every key of a catalogue with the kind of its text: `save: string`, `rows: 1`. */
function shapeOf(texts: object, above = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]: [string, unknown]) => {
    if (typeof text === 'string') return [`${above}${key}: ${text.trim() === '' ? 'empty' : 'text'}`]
    if (typeof text === 'function') return [`${above}${key}: function`]
    return typeof text === 'object' && text !== null ? shapeOf(text, `${above}${key}.`) : [`${above}${key}: ?`]
  })
}

for (const path of SOURCES.filter((one) => one.endsWith('words.ts'))) {
  test(`${path} says the same things in both languages`, async () => {
    const file = (await import(join(ROOT, 'ui/src', path))) as Record<string, unknown>
    const catalogues = Object.values(file).filter(
      (one): one is { both: { en: object; de: object } } => typeof one === 'function' && 'both' in one,
    )
    assert.ok(catalogues.length > 0, 'it has no catalogue')
    for (const { both } of catalogues) {
      assert.deepEqual(shapeOf(both.de), shapeOf(both.en))
      // A text may be empty (no unit), then in both.
      assert.doesNotMatch(shapeOf(both.en).join('\n'), /: \?$/m)
    }
  })
}

test('every failure has its title in German, and its advice where there is one', () => {
  const advised = (code: string) => (FAILURES as Readonly<Record<string, FailureKind>>)[code]?.advice !== undefined
  assert.deepEqual(Object.keys(GERMAN).toSorted(), Object.keys(FAILURES).toSorted())
  assert.deepEqual(
    Object.entries(GERMAN).filter(([code, [, advice]]) => (advice !== undefined) !== advised(code)),
    [],
  )
})

const placesOf = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

for (const [code, english] of Object.entries(NOTICES)) {
  test(`the notice ${code} has the same facts in German`, () => {
    const german = placesOf((GERMAN_NOTICES as Readonly<Record<string, string>>)[code] ?? '')
    const known = placesOf(english)
    assert.deepEqual(
      german.filter((place) => !known.includes(place) && place !== 'title' && place !== 'advice'),
      [],
      'facts that nobody gives',
    )
    // What came in English stands below the sentence.
    assert.ok(!german.includes('detail'))
    assert.deepEqual(
      known.filter((place) => !german.includes(place) && place !== 'detail'),
      [],
      'facts that are not said',
    )
  })
}
