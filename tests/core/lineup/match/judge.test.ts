import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFactReader } from '../../../../core/lineup/match/facts.ts'
import type { Described } from '../../../../core/lineup/match/facts.ts'
import { judge, LIKELY_SCORE, SURE_SCORE } from '../../../../core/lineup/match/judge.ts'
import { atOnce } from '../../../../core/steps.ts'
import { readCircumstances } from '../../../../core/lineup/match/kinship.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'

type Given = Partial<Omit<Described, 'guide'>> & { readonly guide?: string }

const described = ({ guide, ...given }: Given): Described => ({
  name: 'X',
  media: 'tv',
  serviceRef: null,
  groups: [],
  guide: guide === undefined ? null : { feed: 'x', channel: guide },
  ...given,
})

const read = createFactReader()
const compare = (a: Given, b: Given) => {
  const one = read(sourceId('one'), described(a))
  const other = read(sourceId('other'), described(b))
  return judge(one, other, atOnce(readCircumstances([one, other])))
}

const ZDF = '1:0:19:2B66:3F3:1:C00000:0:0:0:'

for (const { name, a, b, by } of [
  {
    name: 'one broadcast service, whatever it is called',
    a: { name: 'ZDF HD', serviceRef: ZDF },
    b: { name: 'Zweites', serviceRef: ZDF },
    by: 'service',
  },
  {
    name: 'one service in another type and name field',
    a: { name: 'A', serviceRef: ZDF },
    b: { name: 'B', serviceRef: '1:0:1:2B66:3F3:1:C00000:0:0:0:' },
    by: 'service',
  },
  {
    name: 'one service from cable and dish, if the names agree',
    a: { name: 'ZDF HD', serviceRef: ZDF },
    b: { name: 'ZDF', serviceRef: '1:0:19:2B66:3F3:1:FFFF0000:0:0:0:' },
    by: 'service',
  },
  {
    name: 'one guide id and name',
    a: { name: 'BBC One HD', guide: 'BBCOne.uk' },
    b: { name: 'BBC One', guide: 'bbcone.uk' },
    by: 'guide',
  },
  {
    name: 'one guide id and half of the words',
    a: { name: 'BBC One London', guide: 'BBCOne.uk' },
    b: { name: 'BBC One', guide: 'BBCOne.uk' },
    by: 'guide',
  },
  { name: 'one name and country', a: { name: 'DE: ProSieben HD' }, b: { name: '|DE| PRO SIEBEN FHD' }, by: 'name' },
  {
    name: 'one name, country by group',
    a: { name: 'ProSieben', groups: ['Germany'] },
    b: { name: 'DE | ProSieben' },
    by: 'name',
  },
  { name: 'one name in umlauts', a: { name: 'DE: WDR Köln' }, b: { name: 'DE: WDR Koeln' }, by: 'name' },
  { name: 'one name of no country', a: { name: 'ProSieben HD' }, b: { name: 'ProSieben' }, by: 'name' },
  { name: 'a common name within one country', a: { name: 'DK: TV 2 HD' }, b: { name: 'DK| TV2' }, by: 'name' },
] satisfies { name: string; a: Given; b: Given; by: string }[]) {
  test(`judge() is sure of ${name}`, () => {
    const join = compare(a, b)
    assert.equal(join?.by, by)
    assert.ok(join.score >= SURE_SCORE && join.score <= 1, String(join.score))
    assert.deepEqual(compare(b, a)?.score, join.score)
  })
}

for (const { name, a, b } of [
  {
    name: 'one number of a service in two networks',
    a: { name: 'Alpha', serviceRef: ZDF },
    b: { name: 'Beta', serviceRef: '1:0:19:2B66:3F3:1:FFFF0000:0:0:0:' },
  },
  {
    name: 'one guide id for a family',
    a: { name: 'Sky Sport 1', guide: 'SkySport.de' },
    b: { name: 'Sky Sport 2', guide: 'SkySport.de' },
  },
  {
    name: 'one guide id under two names',
    a: { name: 'Das Erste', guide: 'ard.de' },
    b: { name: 'ARD', guide: 'ard.de' },
  },
  { name: 'a common name without countries', a: { name: 'TV 2' }, b: { name: 'TV2 HD' } },
  { name: 'ultra HD by name only', a: { name: 'DE: RTL UHD' }, b: { name: 'RTL HD' } },
] satisfies { name: string; a: Given; b: Given }[]) {
  test(`judge() asks about ${name}`, () => {
    const score = compare(a, b)?.score ?? 0
    assert.ok(score >= LIKELY_SCORE && score < SURE_SCORE, String(score))
  })
}

for (const { name, a, b } of [
  { name: 'an original and its repeat', a: { name: 'ITV2' }, b: { name: 'ITV2 +1' } },
  {
    name: 'a repeat with the guide id of the original',
    a: { name: 'ITV2', guide: 'ITV2.uk' },
    b: { name: 'ITV2+1', guide: 'ITV2.uk' },
  },
  { name: 'one name of two countries', a: { name: 'DE: Discovery' }, b: { name: 'PL: Discovery' } },
  {
    name: 'one guide id of two countries',
    a: { name: 'DE: Sky News', guide: 'sky.news' },
    b: { name: 'UK: Sky News', guide: 'sky.news' },
  },
  { name: 'television and radio', a: { name: 'DE: RTL' }, b: { name: 'DE: RTL', media: 'radio' } },
  { name: 'neighbours in a family', a: { name: 'DE: Sky Sport 1' }, b: { name: 'DE: Sky Sport 2' } },
  { name: 'Canal and Canal+', a: { name: 'FR: Canal' }, b: { name: 'FR: Canal+' } },
  { name: 'separators', a: { name: '##### DE #####' }, b: { name: '##### DE #####' } },
  { name: 'numbered events', a: { name: 'DE: Event 1' }, b: { name: 'DE: Event 1' } },
  { name: 'guide ids that say nothing', a: { name: 'A', guide: 'no_epg' }, b: { name: 'B', guide: 'no_epg' } },
  {
    name: 'services without numbers',
    a: { name: 'A', serviceRef: '1:0:1:0:0:0:0:0:0:0:' },
    b: { name: 'B', serviceRef: '1:0:1:0:0:0:0:0:0:0:' },
  },
] satisfies { name: string; a: Given; b: Given }[]) {
  test(`judge() keeps apart ${name}`, () => {
    assert.equal(compare(a, b), null)
  })
}

// Two providers and a German receiver whose list has no countries.
const german = Array.from({ length: 40 }, (_, index) => `Sender ${index}`)
const polish = Array.from({ length: 40 }, (_, index) => `Kanal ${index} Polska`)
const facts = (source: string, names: readonly string[]) =>
  names.map((name) => read(sourceId(source), described({ name })))
const receiver = facts('box', [...german, 'Discovery', 'Eurosport 1'])
const one = (all: typeof receiver, name: string) => {
  const key = name.toLowerCase().replace(/\W/g, '')
  const found = all.find((entry) => entry.name.keys.includes(key))
  assert.ok(found !== undefined)
  return found
}

test('judge() tells by the rest of the lists whose country a name without one is of', () => {
  const provider = facts('iptv', [
    ...german.map((name) => `DE: ${name}`),
    ...polish.map((name) => `PL: ${name}`),
    'PL: Discovery',
    'DE: Discovery',
  ])
  const circumstances = atOnce(readCircumstances([...receiver, ...provider]))
  const scores = provider
    .filter((entry) => entry.name.keys.includes('discovery'))
    .map((entry) => [
      entry.country,
      (judge(one(receiver, 'Discovery'), entry, circumstances)?.score ?? 0) >= SURE_SCORE,
    ])
  assert.deepEqual(scores, [
    ['pl', false],
    ['de', true],
  ])
})

test('judge() does not take an international channel for the same in lists that have little else in common', () => {
  const provider = facts('polska', [...polish, 'Discovery', 'Eurosport 1'])
  const circumstances = atOnce(readCircumstances([...receiver, ...provider]))
  const score = judge(one(receiver, 'Discovery'), one(provider, 'Discovery'), circumstances)?.score ?? 0
  assert.ok(score < SURE_SCORE, String(score))
})
