import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPattern } from '../../../../core/lineup/pattern/pattern.ts'

for (const { pattern, replacement, text, result } of [
  { pattern: '^DE: ', replacement: '', text: 'DE: RTL HD', result: 'RTL HD' },
  { pattern: ' (U?HD|4K)$', replacement: ' [$1]', text: 'RTL uhd', result: 'RTL [uhd]' },
  { pattern: '(\\w+) (\\d+)', replacement: '$2 $1', text: 'Sport 12', result: '12 Sport' },
  { pattern: '\\bHD\\b', replacement: '', text: 'HDTV HD', result: 'HDTV ' },
  { pattern: '[^a-z ]', replacement: '', text: 'Ä1 b!', result: ' b' },
  { pattern: 'a*', replacement: '-', text: 'baac', result: '-b--c-' },
  { pattern: 'a+?', replacement: 'x', text: 'aaa', result: 'xxx' },
  { pattern: 'x{2,3}', replacement: '_', text: 'x xx xxx xxxx', result: 'x _ _ _x' },
  { pattern: '$', replacement: '!', text: 'end', result: 'end!' },
  { pattern: '\\$', replacement: '$$$&', text: '5$', result: '5$$' },
  { pattern: '(a)|(b)', replacement: '<$1$2>', text: 'ab', result: '<a><b>' },
  { pattern: '📺', replacement: 'TV', text: 'a📺b', result: 'aTVb' },
  { pattern: 'nothing', replacement: 'x', text: 'Something', result: 'Something' },
]) {
  test(`replace() of /${pattern}/ by "${replacement}" makes "${result}" of "${text}"`, () => {
    assert.equal(createPattern(pattern).replace(text, replacement), result)
  })
}

for (const { pattern, at } of [
  { pattern: 'a(b', at: 4 },
  { pattern: 'a)', at: 2 },
  { pattern: '*a', at: 1 },
  { pattern: 'a**', at: 3 },
  { pattern: '[a', at: 3 },
  { pattern: '[z-a]', at: 5 },
  { pattern: '(?=a)', at: 2 },
  { pattern: '(?<n>a)', at: 2 },
  { pattern: '\\1', at: 2 },
  { pattern: '\\', at: 2 },
  { pattern: 'a{3,2}', at: 2 },
  { pattern: 'a{200}', at: 2 },
  { pattern: '^*', at: 3 },
]) {
  test(`createPattern() refuses /${pattern}/ and says where`, () => {
    assert.throws(() => createPattern(pattern), {
      code: 'lineup/bad-pattern',
      message: new RegExp(`at character ${at}:`),
    })
  })
}

test('createPattern() refuses counts that multiply without end', () => {
  assert.throws(() => createPattern('((((a{50}){50}){50}){50})'), { code: 'lineup/bad-pattern' })
})

test('test() takes no time worth mentioning where backtracking would take years', () => {
  const text = 'a'.repeat(900)
  for (const pattern of ['(a+)+$b', '(a|aa)+$b', '(.*)*x', '(a?){50}(a?){50}b', '(.*.*.*.*.*)=y']) {
    assert.equal(createPattern(pattern).test(text), false)
  }
})

test('test() looks into no text that is too long for a name', () => {
  assert.equal(createPattern('a').test('a'.repeat(1001)), false)
})

// Any pattern over three letters, as the language has it and as JavaScript reads it too.
const anyPattern = fc.letrec<{ node: string; atom: string; repeat: string; sequence: string; choice: string }>(
  (tie) => ({
    atom: fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '^', '$', '\\b', '\\w'),
    repeat: fc
      .tuple(
        fc.constantFrom('a', 'b', '.', '[bc]', '(?:ab)', '(?:a|bc)', '(a)', '(b|c)'),
        fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}'),
      )
      .map((parts) => parts.join('')),
    sequence: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    choice: fc.tuple(tie('node'), tie('node')).map((parts) => `(?:${parts.join('|')})`),
    node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('atom'), tie('repeat'), tie('sequence'), tie('choice')),
  }),
).node

test('replace() finds what JavaScript finds, for any pattern and text', () => {
  fc.assert(
    fc.property(
      anyPattern,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 }),
      (pattern, text) => {
        fc.pre((pattern.match(/\((?!\?)/g)?.length ?? 0) <= 9)
        const theirs = new RegExp(pattern, 'giu')
        assert.equal(createPattern(pattern).replace(text, '<$&>'), text.replace(theirs, '<$&>'))
        assert.equal(createPattern(pattern).test(text), new RegExp(pattern, 'iu').test(text))
      },
    ),
    { numRuns: 1000 },
  )
})
