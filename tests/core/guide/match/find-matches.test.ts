import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMatchFinder } from '../../../../core/guide/match/find-matches.ts'
import { createGuideIndex, tripletOf } from '../../../../core/guide/match/guide-index.ts'
import { SURE_MATCH } from '../../../../core/guide/match/match.ts'
import type { GuideMatch } from '../../../../core/guide/match/match.ts'
import type { Channel } from '../../../../core/lineup/channel.ts'
import { aChannel, aStream } from '../../lineup/samples.ts'

type Listed = readonly [channel: string, ...names: string[]]

function find(
  listed: readonly Listed[],
  subject: Partial<Channel>,
  options: { readonly perFeed?: number; readonly withWords?: boolean } = {},
): readonly GuideMatch[] {
  const index = createGuideIndex()
  for (const [channel, ...names] of listed) index.add({ feed: 'xmltv', channel, names })
  const channel = aChannel(1, { groups: [], ...subject })
  return createMatchFinder(index).find(channel, { perFeed: 5, withWords: false, ...options })
}

const GUIDE: readonly Listed[] = [
  ['DasErste.de', 'Das Erste HD', 'ARD'],
  ['ZDF.de', 'ZDF', 'ZDF HD'],
  ['1:0:19:283D:3FB:1:C00000:0:0:0:', 'arte HD'],
  ['Sport1.de', 'Sport1'],
  ['SkySport1.de', 'Sky Sport 1'],
  ['SkySport2.de', 'Sky Sport 2'],
  ['Discovery.de', 'Discovery Channel'],
  ['Discovery.uk', 'Discovery Channel'],
  ['ITV1.uk', 'ITV1'],
  ['ITV1+1.uk', 'ITV1 +1'],
  ['MovieMax.se@HD', 'Movie Max'],
  ['News.xx', 'News'],
]

for (const { name, subject, channel, kind, reason } of [
  {
    name: 'its guide id, whatever the case',
    subject: { name: 'Irgendwas', guide: { feed: 'm3u', channel: 'daserste.DE' } },
    channel: 'DasErste.de',
    kind: 'id',
    reason: 'Same guide id "DasErste.de"',
  },
  {
    name: 'the guide id of its second stream',
    subject: {
      name: 'Irgendwas',
      guide: { feed: 'm3u', channel: 'x' },
      guides: [
        { feed: 'm3u', channel: 'x' },
        { feed: 'panel', channel: 'ZDF.de' },
      ],
    },
    channel: 'ZDF.de',
    kind: 'id',
    reason: 'Same guide id "ZDF.de"',
  },
  {
    name: 'a guide id without what stands behind "@"',
    subject: { name: 'Irgendwas', guide: { feed: 'm3u', channel: 'moviemax.se' } },
    channel: 'MovieMax.se@HD',
    kind: 'id',
    reason: 'Same guide id "MovieMax.se@HD"',
  },
  {
    name: 'its broadcast service, which the guide spells as a reference',
    subject: { name: 'Irgendwas', streams: [aStream('x', { serviceRef: '1:0:16:283D:3FB:1:C00000:0:0:0:' })] },
    channel: '1:0:19:283D:3FB:1:C00000:0:0:0:',
    kind: 'service',
    reason: 'Same broadcast service 1:3FB:283D',
  },
  {
    name: 'its name without marks',
    subject: { name: 'DE: Das Erste FHD' },
    channel: 'DasErste.de',
    kind: 'name',
    reason: 'Same name "daserste" of DE',
  },
  {
    name: "another of the guide's names",
    subject: { name: 'ARD', groups: ['Deutschland'] },
    channel: 'DasErste.de',
    kind: 'name',
    reason: 'Same name "ard" of DE',
  },
  {
    name: 'its name and the country of its group',
    subject: { name: 'Discovery Channel', groups: ['UK | Docu'] },
    channel: 'Discovery.uk',
    kind: 'name',
    reason: 'Same name "discoverychannel" of GB',
  },
] as const) {
  test(`find() matches a channel by ${name}`, () => {
    const [match] = find(GUIDE, subject)
    assert.ok(match !== undefined && match.score >= SURE_MATCH)
    assert.deepEqual([match.channel, match.kind, match.reason], [channel, kind, reason])
  })
}

for (const { name, subject, channel } of [
  { name: 'a name that several countries have', subject: { name: 'Discovery Channel' }, channel: 'Discovery.de' },
  { name: 'the name of a channel of another country', subject: { name: 'FR: ZDF' }, channel: 'ZDF.de' },
  { name: 'a name that says nothing', subject: { name: 'News' }, channel: 'News.xx' },
  { name: 'words alone', subject: { name: 'Sky Sport Bundesliga 1' }, channel: 'SkySport1.de' },
]) {
  test(`find() only suggests by ${name}`, () => {
    const [match] = find(GUIDE, subject)
    assert.equal(match?.channel, channel)
    assert.ok(match.score < SURE_MATCH)
  })
}

test('find() never takes one time shift for another', () => {
  assert.deepEqual(
    find(GUIDE, { name: 'UK: ITV1 +1' }).map(({ channel }) => channel),
    ['ITV1+1.uk'],
  )
  assert.equal(find(GUIDE, { name: 'UK: ITV1' })[0]?.channel, 'ITV1.uk')
})

test('find() puts a channel with the same number before one with another', () => {
  const found = find(GUIDE, { name: 'Sky Sport Zwei 2' }, { withWords: true })
  const [first, second] = found.filter(({ channel }) => channel.startsWith('SkySport'))
  assert.equal(first?.channel, 'SkySport2.de')
  assert.ok(first.score > (second?.score ?? 0))
})

test('find() prefers the same sharpness among equals, and gives of each feed so many', () => {
  const listed: readonly Listed[] = [
    ['zdf-sd', 'ZDF'],
    ['zdf-hd', 'ZDF HD'],
  ]
  assert.deepEqual(
    find(listed, { name: 'ZDF HD' }, { perFeed: 1 }).map(({ channel }) => channel),
    ['zdf-hd'],
  )
  assert.deepEqual(
    find(listed, { name: 'ZDF' }, { perFeed: 1 }).map(({ channel }) => channel),
    ['zdf-sd'],
  )
})

test('find() finds nothing for a name that the guide does not have', () => {
  assert.deepEqual(find(GUIDE, { name: 'Quizkanal' }), [])
})

test('find() finds every channel of a guide by its own name and country', () => {
  const word = fc.constantFrom('Nova', 'Sky', 'Kino', 'Max', 'Alpha', 'Terra', 'Orbit', 'Lima')
  const anyName = fc.tuple(word, word, fc.nat(30)).map(([a, b, number]) => `${a} ${b} ${number}`)
  fc.assert(
    fc.property(fc.uniqueArray(anyName, { minLength: 1, maxLength: 40 }), (names) => {
      const listed = names.map((name, index): Listed => [`id${index}.de`, name])
      const index = createGuideIndex()
      for (const [channel, ...own] of listed) index.add({ feed: 'x', channel, names: own })
      const finder = createMatchFinder(index)
      for (const [position, name] of names.entries()) {
        const subject = aChannel(1, { name: `DE: ${name} FHD`, groups: [] })
        const [match] = finder.find(subject, { perFeed: 1, withWords: false })
        assert.equal(match?.channel, `id${position}.de`)
      }
    }),
  )
})

for (const { id, triplet } of [
  { id: '1:453:445D', triplet: '1:453:445D' },
  { id: '1:0:19:445d:453:1:c00000:0:0:0:', triplet: '1:453:445D' },
  { id: '1_0_19_445D_453_1_C00000_0_0_0', triplet: '1:453:445D' },
  { id: 'DasErste.de', triplet: null },
  { id: '12:30', triplet: null },
]) {
  test(`tripletOf() reads "${id}" as ${triplet ?? 'no service'}`, () => {
    assert.equal(tripletOf(id), triplet)
  })
}
