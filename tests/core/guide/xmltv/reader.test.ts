import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createXmltvReader } from '../../../../core/guide/xmltv/reader.ts'
import type { XmltvChannel, XmltvCounts, XmltvProgramme } from '../../../../core/guide/xmltv/reader.ts'

const START = Date.UTC(2026, 10, 21, 20)
const HOUR = 3_600_000
const WINDOW = { from: START - 24 * HOUR, to: START + 7 * 24 * HOUR }

type Found = {
  readonly channels: XmltvChannel[]
  readonly programmes: XmltvProgramme[]
  readonly problems: string[]
  readonly counts: XmltvCounts
}

function read(
  xml: string | Uint8Array,
  { size = 1 << 20, language = null as string | null, window = WINDOW } = {},
): Found {
  const channels: XmltvChannel[] = []
  const programmes: XmltvProgramme[] = []
  const problems: string[] = []
  const sink = {
    channel: (channel: XmltvChannel) => void channels.push(channel),
    programme: (programme: XmltvProgramme) => void programmes.push(programme),
    problem: ({ line, message }: { line: number; message: string }) => void problems.push(`${line}: ${message}`),
  }
  const reader = createXmltvReader(sink, { window, language })
  const bytes = typeof xml === 'string' ? new TextEncoder().encode(xml) : xml
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return { channels, programmes, problems, counts: reader.end() }
}

const TIMES = 'start="20261121200000 +0000" stop="20261121210000 +0000"'
const one = (inside: string, attributes = TIMES): string =>
  `<tv><programme ${attributes} channel="a"><title>T</title>${inside}</programme></tv>`
const only = (found: Found): XmltvProgramme => {
  assert.equal(found.programmes.length, 1)
  const [programme] = found.programmes
  assert.ok(programme)
  return programme
}

const FULL = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tv SYSTEM "xmltv.dtd">
<tv generator-info-name="x">
  <channel id="das.erste">
    <display-name lang="de">Das Erste</display-name>
    <display-name>ARD &amp; mehr</display-name>
    <display-name>Das Erste</display-name>
    <icon src="https://logos.example/1.png" width="10"/>
    <icon src="https://logos.example/2.png"/>
    <url>https://example</url>
  </channel>
  <programme ${TIMES} channel="das.erste" showview="1">
    <title lang="de">Tatort: Schl\u00f6sser &amp; Riegel</title>
    <sub-title lang="de">Der &quot;Fall&quot;</sub-title>
    <desc lang="de"><![CDATA[Erste Zeile & <b>fett</b>
zweite  Zeile]]></desc>
    <credits><director>D</director><actor role="Kommissar">A &amp; B</actor><actor>C</actor><guest>G</guest></credits>
    <date>20191224</date>
    <category lang="de">Spielfilm</category>
    <category lang="de">Krimi</category>
    <keyword>k</keyword>
    <language>de</language>
    <length units="minutes">60</length>
    <episode-num system="dd_progid">EP01234567.0012</episode-num>
    <episode-num system="xmltv_ns">1.4/10.0/1</episode-num>
    <video><present>yes</present><quality>HDTV</quality></video>
    <premiere>first</premiere>
    <new/>
    <live/>
    <rating system="FSK"><value>12</value><icon src="x"/></rating>
    <rating system="MPAA"><value>PG</value></rating>
    <star-rating><value>3.5/5</value></star-rating>
  </programme>
</tv>
`
const FULL_CHANNEL: XmltvChannel = {
  id: 'das.erste',
  names: ['Das Erste', 'ARD & mehr'],
  icons: ['https://logos.example/1.png', 'https://logos.example/2.png'],
}
const FULL_PROGRAMME: XmltvProgramme = {
  channel: 'das.erste',
  start: START,
  stop: START + HOUR,
  title: 'Tatort: Schlösser & Riegel',
  subtitle: 'Der "Fall"',
  description: 'Erste Zeile & <b>fett</b>\nzweite Zeile',
  categories: ['Movie', 'Krimi'],
  season: 2,
  episode: 5,
  repeat: false,
  details: {
    date: '20191224',
    rating: { system: 'FSK', value: '12' },
    stars: '3.5/5',
    credits: [
      { role: 'director', name: 'D' },
      { role: 'actor', name: 'A & B' },
      { role: 'actor', name: 'C' },
      { role: 'guest', name: 'G' },
    ],
    isNew: true,
    isPremiere: true,
    isLive: true,
  },
}

for (const size of [1, 13, 1 << 20]) {
  test(`createXmltvReader() reads all that a document tells, in pieces of ${size}`, () => {
    const found = read(FULL, { size })
    assert.deepEqual(found.channels, [FULL_CHANNEL])
    assert.deepEqual(found.programmes, [FULL_PROGRAMME])
    assert.deepEqual(found.problems, [])
    assert.deepEqual(found.counts, { channels: 1, programmes: 1, outside: 0, problems: 0 })
  })
}

test('createXmltvReader() reads latin-1 as declared', () => {
  const xml = one('<desc>Köln</desc>').replace('<tv>', '<?xml version="1.0" encoding="ISO-8859-1"?><tv>')
  const bytes = Uint8Array.from(xml, (character) => character.charCodeAt(0))
  assert.equal(only(read(bytes)).description, 'Köln')
})

test('createXmltvReader() takes programmes before their channels and without any', () => {
  const { channels, programmes } = read(
    `<tv><programme ${TIMES} channel="b"><title>1</title></programme><channel id="a"/><programme ${TIMES} channel="a"><title>2</title></programme></tv>`,
  )
  assert.deepEqual(
    programmes.map(({ channel, title }) => [channel, title]),
    [
      ['b', '1'],
      ['a', '2'],
    ],
  )
  assert.deepEqual(channels, [{ id: 'a', names: [], icons: [] }])
})

for (const { what, attributes, stop } of [
  { what: 'no stop', attributes: 'start="20261121200000 +0000"', stop: null },
  { what: 'a stop that is no time', attributes: 'start="20261121200000 +0000" stop="later"', stop: null },
  {
    what: 'a stop before its start',
    attributes: 'start="20261121200000 +0000" stop="20261121190000 +0000"',
    stop: null,
  },
  {
    what: 'single quotes and blanks',
    attributes: "start = '20261121200000 +0000' stop='20261121203000 +0000'",
    stop: START + HOUR / 2,
  },
]) {
  test(`createXmltvReader() takes a programme with ${what}`, () => {
    const { start, stop: end } = only(read(one('', attributes)))
    assert.deepEqual([start, end], [START, stop])
  })
}

test('createXmltvReader() takes the length where there is no stop', () => {
  const found = read(one('<length units="hours">1.5</length>', 'start="20261121200000 +0000"'))
  assert.equal(only(found).stop, START + 1.5 * HOUR)
})

for (const { inside, season, episode } of [
  { inside: '<episode-num system="xmltv_ns">0.11.</episode-num>', season: 1, episode: 12 },
  { inside: '<episode-num system="xmltv_ns"> 0 / 3 . 11/24 . 0/2</episode-num>', season: 1, episode: 12 },
  { inside: '<episode-num system="xmltv_ns">.4.</episode-num>', season: null, episode: 5 },
  { inside: '<episode-num system="onscreen">S02E05</episode-num>', season: 2, episode: 5 },
  { inside: '<episode-num>S2 Ep 5</episode-num>', season: 2, episode: 5 },
  { inside: '<episode-num system="onscreen">2x05</episode-num>', season: 2, episode: 5 },
  { inside: '<episode-num system="onscreen">E12</episode-num>', season: null, episode: 12 },
  { inside: '<episode-num system="onscreen">12/24</episode-num>', season: null, episode: 12 },
  {
    inside: '<episode-num system="onscreen">112</episode-num><episode-num system="xmltv_ns">3.4.</episode-num>',
    season: 4,
    episode: 5,
  },
  { inside: '<episode-num system="dd_progid">EP01234567.0012</episode-num>', season: null, episode: null },
  { inside: '<episode-num system="imdb.com">series/tt0123</episode-num>', season: null, episode: null },
  { inside: '<episode-num system="onscreen">Finale</episode-num>', season: null, episode: null },
]) {
  test(`createXmltvReader() numbers an episode by ${inside}`, () => {
    const programme = only(read(one(inside)))
    assert.deepEqual([programme.season, programme.episode], [season, episode])
  })
}

for (const { inside, categories } of [
  { inside: '', categories: [] },
  { inside: '<category>news</category><category>Current Affairs</category>', categories: ['News'] },
  { inside: '<category>Krimi</category><category>Serie</category>', categories: ['Series', 'Krimi'] },
  { inside: '<category>Football</category><category>Sport</category>', categories: ['Sports', 'Football'] },
  {
    inside: '<category>Film</category><category>Comedy</category><category>Comedy</category>',
    categories: ['Movie', 'Comedy'],
  },
  {
    inside: '<category> </category><category>Krimi</category><episode-num>E1</episode-num>',
    categories: ['Series', 'Krimi'],
  },
]) {
  test(`createXmltvReader() sorts ${inside || 'nothing'} under ${categories.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(only(read(one(inside))).categories, categories)
  })
}

for (const { inside, repeat } of [
  { inside: '<previously-shown/>', repeat: true },
  { inside: '<previously-shown start="20200101"/>', repeat: true },
  { inside: '<previously-shown/><new/>', repeat: false },
  { inside: '', repeat: false },
]) {
  test(`createXmltvReader() takes ${inside || 'silence'} as ${repeat ? 'a' : 'no'} repeat`, () => {
    assert.equal(only(read(one(inside))).repeat, repeat)
  })
}

test('createXmltvReader() takes the language that is preferred, else the first', () => {
  const inside = '<desc lang="en">e</desc><desc lang="de-AT">d</desc><desc lang="fr">f</desc>'
  assert.equal(only(read(one(inside), { language: 'de' })).description, 'd')
  assert.equal(only(read(one(inside), { language: 'pl' })).description, 'e')
  assert.equal(only(read(one(inside))).description, 'e')
})

for (const { name, xml, problem, titles } of [
  {
    name: 'a programme without a channel',
    xml: `<tv>\n<programme ${TIMES}><title>x</title></programme>\n<programme ${TIMES} channel="a"><title>y</title></programme></tv>`,
    problem: '2: a programme names no channel',
    titles: ['y'],
  },
  {
    name: 'a start that is no time',
    xml: `<tv>\n\n<programme start="soon" channel="a"><title>x</title></programme><programme ${TIMES} channel="a"><title>y</title></programme></tv>`,
    problem: '3: the start "soon" is no time',
    titles: ['y'],
  },
  {
    name: 'a programme without a title',
    xml: `<tv><programme ${TIMES} channel="a"><desc>x</desc></programme><programme ${TIMES} channel="a"><title>y</title></programme></tv>`,
    problem: '1: a programme has no title',
    titles: ['y'],
  },
  {
    name: 'a programme that is not closed',
    xml: `<tv><programme ${TIMES} channel="a"><title>x</title>\n<programme ${TIMES} channel="a"><title>y</title></programme></tv>`,
    problem: '2: "programme" is not closed',
    titles: ['x', 'y'],
  },
  {
    name: 'an element that is not closed',
    xml: `<tv><programme ${TIMES} channel="a"><title>x\n<desc>d</desc></programme></tv>`,
    problem: '2: "title" is not closed',
    titles: ['x'],
  },
  {
    name: 'a document that ends in the middle',
    xml: `<tv>\n<programme ${TIMES} channel="a"><title>x</title><desc>half`,
    problem: '2: the document ends in the middle',
    titles: ['x'],
  },
  {
    name: 'a channel without id',
    xml: `<tv><channel><display-name>x</display-name></channel><programme ${TIMES} channel="a"><title>y</title></programme></tv>`,
    problem: '1: a channel has no id',
    titles: ['y'],
  },
  {
    name: 'a bare "&" and "<" in texts',
    xml: `<tv><programme ${TIMES} channel="a"><title>5 < 6 & Co &nbsp;&uuml;&#8211;&amp;amp;</title></programme></tv>`,
    problem: undefined,
    titles: ['5 < 6 & Co ü–&'],
  },
  {
    name: 'control bytes and markup of web pages',
    xml: `<tv><programme ${TIMES} channel="a"><title>a\u0000\u0007b<br/>c <i>d</i></title></programme></tv>`,
    problem: undefined,
    titles: ['ab c d'],
  },
]) {
  test(`createXmltvReader() goes on behind ${name}`, () => {
    const found = read(xml)
    assert.deepEqual(
      found.programmes.map(({ title }) => title),
      titles,
    )
    assert.equal(found.problems[0], problem)
    assert.equal(found.counts.problems, found.problems.length)
  })
}

test('createXmltvReader() tells the first 20 problems and counts all', () => {
  const found = read(`<tv>${'<programme start="x" channel="a"></programme>'.repeat(50)}</tv>`)
  assert.equal(found.problems.length, 20)
  assert.equal(found.counts.problems, 50)
})

test('createXmltvReader() passes over what is outside of the window', () => {
  const window = { from: START, to: START + HOUR }
  const at = (hours: number): string => new Date(START + hours * HOUR).toISOString()
  const xml = [-30, -20, 0, 1, 2].map(
    (hours) => `<programme start="${at(hours)}" channel="a"><title>${hours}</title></programme>`,
  )
  const found = read(`<tv>${xml.join('')}</tv>`, { window })
  // What began up to a day before may still run.
  assert.deepEqual(
    found.programmes.map(({ title }) => title),
    ['-20', '0'],
  )
  assert.equal(found.counts.outside, 3)
})

for (const { name, document } of [
  { name: 'a web page', document: '<!DOCTYPE html><html><body>502</body></html>' },
  { name: 'JSON', document: '{"error":"no such user"}' },
  { name: 'nothing', document: '' },
  { name: 'a playlist', document: `#EXTM3U\n${'#EXTINF:-1,x\nhttp://x/\n'.repeat(1000)}` },
  { name: 'bytes that are packed', document: '\u001f\u008b\u0008'.repeat(3000) },
]) {
  test(`createXmltvReader() refuses ${name}`, () => {
    assert.throws(() => read(document), { code: 'guide/not-xmltv' })
  })
}

test('createXmltvReader() never throws on a damaged guide, and what it gives is sound', () => {
  const bytes = new TextEncoder().encode(FULL)
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 })
  fc.assert(
    fc.property(damage, fc.nat(bytes.length), fc.integer({ min: 1, max: 2000 }), (changes, end, size) => {
      const broken = bytes.slice(0, Math.max(end, 200))
      // The head stays: without it this is no guide.
      for (const [at, byte] of changes) if (at > 120 && at < broken.length) broken[at] = byte
      for (const { start, stop, title, channel } of read(broken, { size }).programmes) {
        assert.ok(Number.isSafeInteger(start) && (stop === null || stop > start))
        assert.ok(title !== '' && channel !== '')
      }
    }),
    { numRuns: 300 },
  )
})
