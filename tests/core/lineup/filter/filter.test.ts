import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Channel } from '../../../../core/lineup/channel.ts'
import { createFilter } from '../../../../core/lineup/filter/filter.ts'
import { subjectOf } from '../../../../core/lineup/filter/subject.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import { aChannel, aStream } from '../samples.ts'

const channel: Partial<Channel> = {
  number: '101.2',
  name: 'Sky "Sport" HD',
  groups: ['Sport', 'Pay'],
  enabled: false,
  streams: [aStream('a', { name: 'DE: Sky Sport HD', sourceId: sourceId('iptv') })],
}
const matches = (filter: string, given: Partial<Channel> = channel, favourite = false): boolean =>
  createFilter(filter)(subjectOf(aChannel(7, given), favourite))

for (const [filter, isMeant] of [
  ['group = "sport"', true],
  ['group = "Spor"', false],
  ['group != "Sport"', false],
  ['group = "Sport" and name ~ "HD$" and not source = "x"', true],
  ['group in ("News", "Pay")', true],
  ['name ~ "^hd"', false],
  ['name !~ "^hd"', true],
  ['name = \'sky "sport" hd\'', true],
  ['name = "sky \\"sport\\" hd"', true],
  ['name ~ "\\bSport\\b"', true],
  ['enabled or favourite', false],
  ['not enabled and not favourite', true],
  ['not not enabled', false],
  ['number >= 100 and number < 102', true],
  ['number = 101.2', true],
  ['number in (1, 101.2)', true],
  ['number > 101.10', false],
  ['number != 5', true],
  ['streams = 1', true],
  ['streams > 1', false],
  ['media = "radio" or media = "tv" and id = "c7"', true],
  ['(media = "radio" or media = "tv") and id = "c8"', false],
  ['country = "DE" and quality = "hd"', true],
  ['country = "at"', false],
  ['logo or guide', false],
  ['NOT Enabled AND Group IN ("pay")', true],
] as const) {
  test(`createFilter() reads ${filter}`, () => {
    assert.equal(matches(filter), isMeant)
  })
}

test('createFilter() asks for favourites', () => {
  assert.deepEqual([matches('favourite'), matches('favourite', {}, true)], [false, true])
})

for (const { filter, at, wish } of [
  { filter: '', at: 1, wish: /name of a field/ },
  { filter: 'group', at: 6, wish: /the filter ends here, but there should be =, !=, ~, !~ or in/ },
  { filter: 'groop = "x"', at: 1, wish: /"groop" is no field; there are name, group, source/ },
  { filter: 'group = Sport', at: 9, wish: /here is "Sport", but there should be a text in quotes/ },
  { filter: 'group = "x', at: 9, wish: /has no " at its end/ },
  { filter: 'group = "x" name = "y"', at: 13, wish: /"and" or "or"/ },
  { filter: 'group = "x" and', at: 16, wish: /name of a field/ },
  { filter: '(group = "x"', at: 13, wish: /"\)", "and" or "or"/ },
  { filter: 'group = "x")', at: 12, wish: /"and" or "or"/ },
  { filter: 'number ~ "1"', at: 8, wish: /<=/ },
  { filter: 'number = x', at: 10, wish: /a number/ },
  { filter: 'group in ("a" "b")', at: 15, wish: /"," or "\)"/ },
  { filter: 'group in "a"', at: 10, wish: /"\("/ },
  { filter: 'name ~ "(a"', at: 8, wish: /Cannot read the pattern at character 3/ },
  { filter: 'name ; "a"', at: 6, wish: /";" has no meaning/ },
  { filter: `${'('.repeat(60)}enabled${')'.repeat(60)}`, at: 51, wish: /too many parentheses/ },
  { filter: `name = "${'x'.repeat(3000)}"`, at: 2001, wish: /at most 2000/ },
  { filter: 'text ~ "x"', at: 6, wish: /= or !=/ },
  { filter: 'constructor = "x"', at: 1, wish: /is no field/ },
]) {
  test(`createFilter() refuses ${filter.slice(0, 40) || 'nothing'} and says where`, () => {
    assert.throws(
      () => createFilter(filter),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'lineup/bad-filter')
        assert.match(error.message, new RegExp(`at character ${at}:`))
        assert.match(error.message, wish)
        return true
      },
    )
  })
}

test('createFilter() reads any text, or fails as it says', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          'name',
          'group',
          'and',
          'or',
          'not',
          'in',
          '(',
          ')',
          '=',
          '~',
          '"x"',
          "'(a'",
          '1',
          ',',
          'enabled',
          '<',
          ' ',
        ),
      ),
      (words) => {
        try {
          createFilter(words.join(' '))(subjectOf(aChannel(1), false))
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'lineup/bad-filter')
        }
      },
    ),
    { numRuns: 2000 },
  )
})

for (const { text, finds } of [
  { text: 'tele chaine', finds: true },
  { text: 'CHAÎNE télé', finds: true },
  { text: 'hd', finds: true },
  { text: '10', finds: true },
  { text: '04', finds: false },
  { text: 'tele sport', finds: false },
  { text: '', finds: true },
]) {
  test(`createFilter() ${finds ? 'finds' : 'does not find'} "Télé Chaîneᴴᴰ" with number 104 by text = "${text}"`, () => {
    const subject = subjectOf(aChannel(104, { name: 'Télé Chaîneᴴᴰ' }), false)
    assert.equal(createFilter(`text = "${text}"`)(subject), finds)
    assert.equal(createFilter(`text != "${text}"`)(subject), !finds)
  })
}

test('createFilter() asks the marks for what a channel does not tell itself', () => {
  const marks = { isEdited: () => true, hasProblem: () => false, hasGuide: () => true, folded: () => '' }
  const subject = subjectOf(aChannel(1, { groups: ['XXX | Late'] }), false, marks)
  assert.ok(createFilter('edited and not problem and guide and adult')(subject))
  assert.ok(createFilter('not edited and not guide')(subjectOf(aChannel(1), false)))
})
