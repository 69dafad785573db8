import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFilter } from '../../core/lineup/filter/filter.ts'
import { subjectOf } from '../../core/lineup/filter/subject.ts'
import { changeOf, EMPTY_FORM } from '../../ui/src/channels/bulk-change.ts'
import { createMarks } from '../../ui/src/channels/rows.ts'
import type { ChannelRow } from '../../ui/src/channels/answers.ts'
import { isTouched } from '../../ui/src/channels/edits.ts'
import { targetOf } from '../../ui/src/channels/target.ts'
import { filterOf, FLAGS, plainView, printView, quote, readView } from '../../ui/src/channels/view.ts'
import type { View } from '../../ui/src/channels/view.ts'
import { wordOf } from '../../ui/src/groups/word-of.ts'
import { NOTHING } from '../../ui/src/grid/selection.ts'
import { aChannel } from '../core/lineup/samples.ts'

const view = (query: string): View => readView(new URLSearchParams(query))

const anyView: fc.Arbitrary<View> = fc.record(
  {
    q: fc.string().map((text) => text.trim()),
    group: fc.option(fc.string({ minLength: 1 })),
    source: fc.option(fc.string({ minLength: 1 })),
    state: fc.constantFrom('shown' as const, 'hidden' as const, null),
    guide: fc.constantFrom('yes' as const, 'no' as const, null),
    media: fc.constantFrom('tv' as const, 'radio' as const, null),
    quality: fc.constantFrom('sd' as const, 'hd' as const, 'uhd' as const, null),
    flags: fc.subarray([...FLAGS]).map((flags) => new Set(flags)),
    filter: fc.constantFrom('', 'name ~ "HD$" or enabled'),
    sort: fc.record(
      { by: fc.constantFrom('number', 'name', 'streams'), isDescending: fc.boolean() },
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
)

test('readView() undoes printView() for every view', () => {
  fc.assert(fc.property(anyView, (any) => assert.deepEqual(view(printView(any)), any)))
})

test('readView() leaves alone what it does not know', () => {
  assert.deepEqual(view('state=perhaps&sort=colour&desc=yes&x=1'), view(''))
})

test('filterOf() makes a filter that the house reads, whatever was typed', () => {
  fc.assert(
    fc.property(anyView, (any) => {
      const filter = filterOf(any)
      if (filter !== '' && filter.length < 2000) createFilter(filter)(subjectOf(aChannel(1), false))
    }),
  )
})

test('filterOf() means exactly the group that was chosen', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (group) => {
      const filter = createFilter(filterOf({ ...view(''), group }))
      assert.ok(filter(subjectOf(aChannel(1, { groups: [group] }), false)))
      assert.ok(!filter(subjectOf(aChannel(1, { groups: [`${group}x`] }), false)))
    }),
  )
})

test('plainView() shows all channels in the same order', () => {
  const plain = plainView(view('q=x&group=y&edited=1&filter=enabled&sort=name&desc=1'))
  assert.equal(filterOf(plain), '')
  assert.equal(printView(plain), '?sort=name&desc=1')
})

test('quote() keeps quotes and backslashes', () => {
  assert.equal(quote('a "b" \\c'), '"a \\"b\\" \\\\c"')
})

test('targetOf() means all by the filter, a few by ids, and rows by places', () => {
  assert.equal(targetOf(NOTHING, view('')), null)
  assert.deepEqual(targetOf({ kind: 'all' }, view('')), { filter: 'number > 0' })
  assert.deepEqual(targetOf({ kind: 'all' }, view('group=A')), { filter: 'group = "A"' })
  assert.deepEqual(targetOf({ kind: 'ids', ids: new Set(['c1', 'c22']) }, view('group=A')), {
    filter: 'id in ("c1", "c22")',
  })
  assert.deepEqual(targetOf({ kind: 'rows', ranges: [{ from: 3, to: 900 }] }, view('group=A&sort=name')), {
    filter: 'group = "A"',
    rows: { sort: 'name', desc: false, ranges: [{ from: 3, to: 900 }] },
  })
})

for (const { name, form, change } of [
  { name: 'a pattern', form: { pattern: '^DE: ' }, change: { rename: { pattern: '^DE: ', replacement: '' } } },
  { name: 'no pattern yet', form: {}, change: null },
  { name: 'the names of the sources', form: { isBackToSource: true, pattern: 'x' }, change: { rename: null } },
  {
    name: 'a group that may be new',
    form: { kind: 'group', addGroup: ' Mine ', removeGroup: 'Old' },
    change: { addGroup: 'Mine', createGroup: true, removeGroup: 'Old' },
  },
  { name: 'numbers', form: { kind: 'number', from: '100' }, change: { number: { from: 100 } } },
  { name: 'a number that is none', form: { kind: 'number', from: '1.5' }, change: null },
  { name: 'what the rules say', form: { kind: 'enabled', enabled: 'rules' }, change: { enabled: null } },
  { name: 'a source', form: { kind: 'source', source: 'box' }, change: { preferSource: 'box' } },
] as const) {
  test(`changeOf() reads ${name}`, () => assert.deepEqual(changeOf({ ...EMPTY_FORM, ...form }), change))
}

const ROW: ChannelRow = {
  id: 'c1',
  number: '1',
  name: 'One',
  sourceName: 'One',
  media: 'tv',
  quality: null,
  isAdult: false,
  groups: ['A'],
  enabled: true,
  favourite: false,
  hasLogo: false,
  ownLogo: null,
  isEdited: false,
  hasProblem: false,
  isRunning: false,
  guide: null,
  streams: [],
}

test('isTouched() minds only the fields that are edited', () => {
  const now = { ...ROW, number: '7', groups: ['A', 'B'] }
  assert.equal(isTouched({ name: 'Uno' }, ROW, now), false)
  assert.equal(isTouched({ name: 'Uno', groups: [] }, ROW, now), true)
  assert.equal(isTouched({ number: '2' }, ROW, now), true)
})

test('createMarks() marks what somebody else changed, for a while, and not what was edited here', () => {
  const waiting: (() => void)[] = []
  const marks = createMarks((work) => waiting.push(work))
  marks.own('5')
  marks.compare([ROW], [{ ...ROW, name: 'Uno' }], '5')
  assert.equal(marks.ids.value.size, 0)
  marks.compare([ROW], [{ ...ROW, name: 'Uno' }], '6')
  assert.deepEqual([...marks.ids.value], ['c1'])
  marks.compare(
    [ROW],
    [
      { ...ROW, isRunning: true },
      { ...ROW, id: 'c2' },
    ],
    '7',
  )
  assert.deepEqual([...marks.ids.value], ['c1'], 'running is no edit, and a new place is none either')
  for (const work of waiting) work()
  assert.equal(marks.ids.value.size, 0)
})

for (const [name, word] of [
  ['Für die Kinder', 'fuer-die-kinder'],
  ['  Wohnzimmer – TV 2', 'wohnzimmer-tv-2'],
  ['Télé', 'tele'],
  ['日本', ''],
] as const) {
  test(`wordOf() makes "${word}" of "${name}"`, () => assert.equal(wordOf(name), word))
}
