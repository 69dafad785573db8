import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import { CREDIT_ROLES } from '../../../core/guide/details.ts'
import type { ProgrammeDetails } from '../../../core/guide/details.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { writeXmltv } from '../../../core/guide/xmltv-write.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { PIECE_LENGTH } from '../../../core/pieces.ts'
import { readXmltv, XMLTV_DTD } from '../../xmltv.ts'
import { anyText } from '../any-text.ts'
import { aChannel } from '../lineup/samples.ts'
import { aProgramme, at, FOUR } from './samples.ts'

const window = { from: at(0), to: at(480) }

async function write(channels: readonly Channel[], programmes: readonly Programme[] = []): Promise<string> {
  const pieces = writeXmltv({
    channels,
    programmes: () => cleanProgrammes(programmes),
    window,
    pictureUrl: (path) => `http://h/${path}`,
    iconUrl: ({ id, hasLogo }) => (hasLogo ? `http://h/logo/${id}?a=1&b="` : null),
  })
  return (await Array.fromAsync(pieces)).join('')
}

const one = async (given: Partial<Programme>): Promise<string> => {
  const text = await write([aChannel(1)], [aProgramme(0, 60, given)])
  readXmltv(text)
  return /<programme.*?<\/programme>/s.exec(text)?.[0] ?? ''
}

test('writeXmltv() writes names, number and picture of a channel', async () => {
  const text = await write([aChannel(12, { name: 'A & <B>', number: '5', hasLogo: true })])
  const [channel] = readXmltv(text).channels
  assert.deepEqual(channel?.attributes, { id: 'c12.downlink' })
  assert.deepEqual(
    channel?.children.map(({ name, text }) => [name, text]),
    [
      ['display-name', 'A & <B>'],
      ['display-name', '5'],
      ['display-name', '5 A & <B>'],
      ['icon', ''],
    ],
  )
  assert.equal(channel?.children.at(-1)?.attributes['src'], 'http://h/logo/c12?a=1&b="')
})

test('writeXmltv() writes all of a programme in the order of the DTD', async () => {
  assert.equal(
    await one({
      title: 'Show',
      subtitle: 'Pilot',
      description: 'One.\r\nTwo.',
      categories: ['Series', 'Crime'],
      season: 1,
      episode: 2,
      repeat: true,
    }),
    '<programme start="20261121040000 +0000" stop="20261121050000 +0000" channel="c1.downlink"><title>Show</title>' +
      '<sub-title>Pilot</sub-title><desc>One.\nTwo.</desc><category>Series</category><category>Crime</category>' +
      '<episode-num system="onscreen">S01E02</episode-num><episode-num system="xmltv_ns">0.1.</episode-num>' +
      '<episode-num system="dd_progid">EP08608538.2600</episode-num><previously-shown/></programme>',
  )
})

test('writeXmltv() writes details where the DTD wants them', async () => {
  const details: ProgrammeDetails = {
    date: '20191224',
    rating: { system: 'FSK', value: '12' },
    stars: '4/5',
    credits: [
      { role: 'guest', name: 'G' },
      { role: 'actor', name: 'A & B' },
      { role: 'director', name: 'D' },
      { role: 'actor', name: ' ' },
    ],
    isNew: true,
    isPremiere: true,
    isLive: true,
  }
  assert.match(
    await one({ title: 'T', categories: ['Movie'], repeat: true, details }),
    new RegExp(
      '<title>T</title><credits><director>D</director><actor>A &amp; B</actor><guest>G</guest></credits>' +
        '<date>20191224</date><category>Movie</category><episode-num system="dd_progid">[^<]*</episode-num>' +
        '<previously-shown/><premiere>Premiere</premiere><new/><rating system="FSK"><value>12</value></rating>' +
        '<star-rating><value>4/5</value></star-rating></programme>',
    ),
  )
})

test('writeXmltv() tells the picture of a programme between its category and its number', async () => {
  const details = { picture: 'play/vod/films/m1/poster' }
  const text = await one({ categories: ['Movie'], season: 1, episode: 2, details })
  assert.match(text, /<\/category><icon src="http:\/\/h\/play\/vod\/films\/m1\/poster"\/><episode-num/)
})

test('writeXmltv() leaves out a subtitle that repeats the title', async () => {
  assert.doesNotMatch(await one({ title: 'News', subtitle: ' News ' }), /sub-title/)
})

test('writeXmltv() says "Children" beside "Kids"', async () => {
  assert.match(
    await one({ categories: ['Kids', 'Cartoon'] }),
    /<category>Kids<\/category><category>Children<\/category><category>Cartoon</,
  )
})

test('writeXmltv() fills a channel without programmes', async () => {
  const { programmes } = readXmltv(await write([aChannel(1, { name: 'TV' }), aChannel(10), aChannel(2)]))
  assert.equal(programmes.length, 6)
  assert.equal(programmes[0]?.element.children[0]?.text, 'TV')
})

test('writeXmltv() writes pieces, not one text', async () => {
  const channels = Array.from({ length: 3000 }, (_, index) => aChannel(index + 1))
  const pieces = await Array.fromAsync(writeXmltv({ channels, programmes: () => [], window, iconUrl: () => null }))
  assert.ok(pieces.length > 5)
  assert.ok(pieces.every((piece) => piece.length < 2 * PIECE_LENGTH))
})

const anyProgramme: fc.Arbitrary<Programme> = fc.record(
  {
    start: fc.integer({ min: -100, max: 600 }).map(at),
    stop: fc.integer({ min: -100, max: 900 }).map(at),
    title: anyText,
    subtitle: fc.option(anyText),
    description: fc.option(anyText),
    categories: fc.array(anyText, { maxLength: 3 }),
    season: fc.option(fc.nat(30)),
    episode: fc.option(fc.nat(30)),
    repeat: fc.boolean(),
    details: fc.record(
      {
        date: fc.constantFrom('2019', '20191224'),
        rating: fc.record({ system: fc.option(anyText), value: anyText }, { noNullPrototype: true }),
        credits: fc.array(
          fc.record({ role: fc.constantFrom(...CREDIT_ROLES), name: anyText }, { noNullPrototype: true }),
          { maxLength: 3 },
        ),
        isNew: fc.constant(true as const),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
)
const anyGuide = fc.tuple(fc.array(anyText, { minLength: 1, maxLength: 3 }), fc.array(anyProgramme, { maxLength: 6 }))

test('writeXmltv() writes a valid guide without overlaps and gaps for any names and texts', async () => {
  await fc.assert(
    fc.asyncProperty(anyGuide, async ([names, programmes]) => {
      const channels = names.map((name, index) => aChannel(index + 1, { name }))
      const { programmes: listed } = readXmltv(
        await write(
          channels,
          programmes.filter(({ stop }) => stop > FOUR),
        ),
      )
      assert.ok((listed[0]?.start ?? Infinity) <= window.from)
      assert.ok((listed.at(-1)?.stop ?? 0) >= window.to)
    }),
  )
})

const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined

test('writeXmltv() is valid for xmllint', { skip: hasXmllint ? false : 'xmllint is not installed' }, async () => {
  const [[names, programmes] = [[], []]] = fc.sample(
    fc.tuple(
      fc.array(anyText, { minLength: 20, maxLength: 20 }),
      fc.array(anyProgramme, { minLength: 40, maxLength: 40 }),
    ),
    { numRuns: 1, seed: 7 },
  )
  const text = await write(
    names.map((name, index) => aChannel(index + 1, { name, hasLogo: true })),
    programmes.filter(({ stop }) => stop > FOUR),
  )
  const { status, stderr } = spawnSync(
    'xmllint',
    ['--noout', '--nowarning', '--dtdvalid', fileURLToPath(XMLTV_DTD), '-'],
    { input: text, encoding: 'utf8' },
  )
  assert.deepEqual([status, stderr], [0, ''])
})
