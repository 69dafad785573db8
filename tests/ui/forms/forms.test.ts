import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { parseMac } from '../../../core/source-kinds/mac.ts'
import { stalkerSchema } from '../../../core/source-kinds/stalker.ts'
import { describeFields } from '../../../ui/src/forms/describe-field.ts'
import { words } from '../../../ui/src/sources/words.ts'
import { changes, complaint, keyNamed, rowComplaints, typedOf, valueOf, written } from '../../../ui/src/forms/draft.ts'

const Port = v.union([v.literal('auto'), v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))], 'a port')
const Receiver = v.pipe(
  v.strictObject({
    url: v.pipe(v.string('an address'), v.trim(), v.nonEmpty('an address')),
    password: v.optional(v.string()),
    port: v.optional(Port, 'auto'),
    pause: v.optional(v.pipe(v.number('a number'), v.minValue(0), v.maxValue(30, 'at most 30')), 5),
    radio: v.optional(v.boolean(), false),
    bouquets: v.optional(v.array(v.string()), []),
    output: v.optional(v.picklist(['auto', 'ts']), 'auto'),
  }),
  v.check(() => true),
)
const spec = (key: string) => ({ key, label: key })
const fields = describeFields(Receiver, [
  spec('url'),
  { ...spec('password'), kind: 'secret' },
  ...['port', 'pause', 'radio', 'bouquets', 'output'].map(spec),
])
const field = (key: string) => fields.find((one) => one.key === key) ?? assert.fail(key)

test('describeFields() reads kinds, limits and defaults from the schema', () => {
  assert.deepEqual(
    fields.map(({ key, kind, required }) => [key, kind, required]),
    [
      ['url', 'text', true],
      ['password', 'secret', false],
      ['port', 'text', false],
      ['pause', 'number', false],
      ['radio', 'switch', false],
      ['bouquets', 'lines', false],
      ['output', 'choice', false],
    ],
  )
  assert.deepEqual([field('pause').min, field('pause').max, field('pause').default], [0, 30, 5])
  assert.deepEqual(field('output').choices, [
    { value: 'auto', label: 'auto' },
    { value: 'ts', label: 'ts' },
  ])
})

test('describeFields() refuses a key that the schema does not have', () => {
  assert.throws(() => describeFields(Receiver, [spec('ulr')]), TypeError)
})

for (const [key, typed, value] of [
  ['url', '  http://a ', 'http://a'],
  ['url', '   ', undefined],
  ['password', ' pass ', ' pass '],
  ['port', '8001', 8001],
  ['port', 'auto', 'auto'],
  ['url', '8001', '8001'],
  ['pause', '2,5', 2.5],
  ['pause', 'two', 'two'],
  ['radio', true, true],
  ['bouquets', 'News\n\n Sport ', ['News', 'Sport']],
  ['bouquets', '\n', undefined],
] as const) {
  test(`valueOf() takes ${JSON.stringify(typed)} in ${key} for ${JSON.stringify(value)}`, () =>
    assert.deepEqual(valueOf(field(key), typed), value))
}

test('complaint() names what is missing and what is wrong, and leaves alone what the gateway keeps', () => {
  assert.deepEqual(complaint(field('url'), '', false), { kind: 'missing', should: '' })
  assert.equal(complaint(field('url'), '', true), null)
  assert.deepEqual(complaint(field('pause'), '31', false), { kind: 'wrong', should: 'at most 30' })
  assert.equal(complaint(field('pause'), '', false), null)
})

test('written() leaves out what stays at its default', () => {
  assert.deepEqual(written(fields, { url: 'http://a', password: '', pause: '', radio: false, bouquets: 'News' }), {
    url: 'http://a',
    bouquets: ['News'],
  })
})

test('changes() holds only what differs, null for what goes back to its default', () => {
  const before = { url: 'set', password: 'set', pause: 7, radio: true, bouquets: ['News'] }
  const untouched = Object.fromEntries(
    fields.map((one) => [one.key, typedOf(one, before[one.key as keyof typeof before])]),
  )
  assert.deepEqual(changes(fields, untouched, before), {})
  assert.deepEqual(changes(fields, { ...untouched, pause: '', radio: false, password: 'new' }, before), {
    password: 'new',
    pause: null,
    radio: false,
  })
})

for (const [message, key] of [
  ['source.url: should be the address of the receiver', 'url'],
  ['source.bouquets[1]: should be a name', 'bouquets'],
  ['Cannot read the body: "pause" should be a number', 'pause'],
  ['source.macs[0].url: missing', 'url'],
  ['The source "url" is fine: nothing here', 'url'],
  ['Cannot reach the receiver', null],
] as const) {
  test(`keyNamed() finds ${key ?? 'nothing'} in "${message}"`, () =>
    assert.equal(
      keyNamed(
        message,
        fields.map((one) => one.key),
      ),
      key,
    ))
}

// ── rows of secrets ────────────────────────────────────────────────────────────────────────────────────────────────────

const ROWS = { parse: parseMac, words: words().macs }
const [macs = assert.fail()] = describeFields(stalkerSchema, [
  { ...spec('macs'), kind: 'rows', rows: ROWS, should: 'MACs' },
])
const BEFORE = { macs: ['set', { mac: 'set', serial: '7' }, 'set'] }
const MAC = '00:1A:79:00:00:01'

test('rows name what is kept by its place, also what is a mapping, and a removed one leaves the others theirs', () => {
  const typed = String(typedOf(macs, BEFORE.macs))
  assert.equal(typed, 'set:1\nset:2\nset:3')
  assert.deepEqual(changes([macs], { macs: typed }, BEFORE), {})
  assert.deepEqual(changes([macs], { macs: `set:2\nset:3\n\n${MAC}` }, BEFORE), { macs: ['set:2', 'set:3', MAC] })
  assert.equal(complaint(macs, typed, false), null)
  assert.equal(typedOf(macs, [MAC], true), MAC)
})

test('rows are complained about one by one', () => {
  assert.deepEqual(rowComplaints(ROWS, ['set:1', MAC, 'nonsense', MAC.toLowerCase(), 'set']), [
    null,
    null,
    'wrong',
    'twice',
    'wrong',
  ])
  assert.deepEqual(complaint(macs, 'set:1\nnonsense', false), { kind: 'wrong', should: 'MACs' })
  assert.equal(complaint(macs, ' \n', false)?.kind, 'missing')
})
