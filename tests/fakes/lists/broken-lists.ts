/** What a reader should make of a list: name, address, and what else is worth a look. */
export type ReadEntry = {
  readonly name: string
  readonly url: string
  readonly [more: string]: unknown
}

/** A list as it was seen in the wild, and what it means. */
export type BrokenList = {
  readonly name: string
  readonly text: string
  readonly entries: readonly ReadEntry[]
  /** Lines that are told as problems. */
  readonly problems?: readonly number[]
}

const URL_A = 'http://tv.example.org/a.ts'
const URL_B = 'http://tv.example.org/b.ts'

const one = (info: string, more: Readonly<Record<string, unknown>> & { readonly name: string }, url = URL_A) => ({
  text: `#EXTM3U\n#EXTINF:${info}\n${url}\n`,
  entries: [{ url, ...more }],
})

/** Lists that break rules, and what they mean (protocols/m3u-xmltv.md A2, A5). */
export const BROKEN_LISTS: readonly BrokenList[] = [
  {
    name: 'a plain entry',
    ...one('-1 tvg-id="a.de" group-title="Info",A', { name: 'A', tvgId: 'a.de', groups: ['Info'] }),
  },
  {
    name: 'a comma in an attribute',
    ...one('-1 group-title="News, Sport" tvg-id="a",A', { name: 'A', groups: ['News, Sport'], tvgId: 'a' }),
  },
  { name: 'a comma in the name', ...one('-1 tvg-id="a",The Best, TV', { name: 'The Best, TV' }) },
  {
    name: 'quotes in the name',
    ...one('-1 tvg-id="a",Name with "quotes", comma', { name: 'Name with "quotes", comma' }),
  },
  {
    name: 'quotes in a value',
    ...one('-1 tvg-name="The "Best" TV" tvg-id="a",A', { name: 'A', tvgName: 'The "Best" TV', tvgId: 'a' }),
  },
  { name: 'single quotes', ...one("-1 tvg-id='a' group-title='It''s',A", { name: 'A', tvgId: 'a' }) },
  { name: 'no quotes', ...one('-1 tvg-id=a tvg-chno=5,A', { name: 'A', tvgId: 'a', number: '5' }) },
  {
    name: 'an address without quotes',
    ...one('-1 tvg-logo=http://l.example.org/a,b.png tvg-id="a",A', {
      name: 'A',
      logo: 'http://l.example.org/a,b.png',
    }),
  },
  {
    name: 'an address without quotes before the name',
    ...one('-1 tvg-logo=http://l.example.org/a.png,A', { name: 'A', logo: 'http://l.example.org/a.png' }),
  },
  {
    name: 'a quote that is never closed',
    ...one('-1 tvg-id="a group-title="Info",A', { name: 'A', groups: ['Info'] }),
  },
  {
    name: 'a last quote that is never closed',
    ...one('-1 tvg-id="a" group-title="Info,A', { name: 'A', groups: ['Info'] }),
  },
  {
    name: 'no blank between attributes',
    ...one('-1 tvg-id="a"group-title="Info",A', { name: 'A', tvgId: 'a', groups: ['Info'] }),
  },
  { name: 'blanks around the equals sign', ...one('-1 tvg-id = "a" ,A', { name: 'A', tvgId: 'a' }) },
  {
    name: 'attributes behind the name',
    ...one('-1,A tvg-id="a" group-title="Info"', { name: 'A', tvgId: 'a', groups: ['Info'] }),
  },
  {
    name: 'capitals in attribute names',
    ...one('-1 TVG-ID="a" Group-Title="Info",A', { name: 'A', tvgId: 'a', groups: ['Info'] }),
  },
  { name: 'an attribute twice, first empty', ...one('-1 tvg-id="" tvg-id="a",A', { name: 'A', tvgId: 'a' }) },
  { name: 'several groups', ...one('-1 group-title="Info;DE; ;Info",A', { name: 'A', groups: ['Info', 'DE'] }) },
  { name: 'no name but tvg-name', ...one('-1 tvg-name="A",', { name: 'A' }) },
  {
    name: 'no name at all',
    ...one('-1,', { name: 'channel one' }, 'http://tv.example.org/x/channel one.m3u8?token=secret'),
  },
  { name: 'no comma', ...one('-1 tvg-id="a"', { name: 'a' }) },
  { name: 'entities', ...one('-1,Tom &amp; Jerry', { name: 'Tom & Jerry' }) },
  { name: 'no duration', ...one(' tvg-id="a",A', { name: 'A', tvgId: 'a' }) },
  { name: 'a duration with a dot', ...one('12.5,A', { name: 'A', duration: 12.5 }) },
  { name: 'radio', ...one('-1 radio="TRUE",A', { name: 'A', isRadio: true }) },
  {
    name: 'headers behind the address',
    ...one(
      '-1,A',
      { name: 'A', url: URL_A, headers: { 'User-Agent': 'My Box/1', Referer: 'http://x/' } },
      `${URL_A}|User-Agent=My%20Box%2F1&!Referer=http://x/`,
    ),
  },
  { name: 'a bar that belongs to the address', ...one('-1,A', { name: 'A' }, 'http://tv.example.org/a|b.ts') },
  {
    name: 'options of VLC and Kodi',
    text: `#EXTM3U
#EXTINF:-1 http-referrer="http://r/",A
#EXTVLCOPT:http-user-agent="Box"
#EXTVLCOPT:program=28106
#KODIPROP:inputstream.adaptive.stream_headers=Origin=http://o&Host=evil
#EXTHTTP:{"Cookie":"a=1"}
${URL_A}
#EXTINF:-1,B
${URL_B}
`,
    entries: [
      {
        name: 'A',
        url: URL_A,
        programNumber: 28106,
        headers: { 'User-Agent': 'Box', Origin: 'http://o', Cookie: 'a=1', Referer: 'http://r/' },
      },
      { name: 'B', url: URL_B, programNumber: null, headers: {} },
    ],
  },
  {
    name: 'options before their entry',
    text: `#EXTM3U\n#EXTVLCOPT:http-user-agent=Box\n#EXTINF:-1,A\n${URL_A}\n#EXTINF:-1,B\n${URL_B}\n`,
    entries: [
      { name: 'A', url: URL_A, headers: { 'User-Agent': 'Box' } },
      { name: 'B', url: URL_B, headers: {} },
    ],
  },
  {
    name: '#EXTGRP for one entry, and not where there is a group-title',
    text: `#EXTM3U\n#EXTINF:-1,A\n#EXTGRP:Info\n${URL_A}\n#EXTINF:-1 group-title="X",B\n#EXTGRP:Info\n${URL_B}\n#EXTINF:-1,C\n${URL_B}\n`,
    entries: [
      { name: 'A', url: URL_A, groups: ['Info'] },
      { name: 'B', url: URL_B, groups: ['X'] },
      { name: 'C', url: URL_B, groups: [] },
    ],
  },
  {
    name: 'catch-up of the head and of an entry',
    text: `#EXTM3U catchup="shift" catchup-days="3"\n#EXTINF:-1,A\n${URL_A}\n#EXTINF:-1 catchup="default" catchup-source="http://c/{utc}" timeshift="5" catchup-days="7",B\n${URL_B}\n`,
    entries: [
      { name: 'A', url: URL_A, catchup: { type: 'shift', days: 3, source: null } },
      { name: 'B', url: URL_B, catchup: { type: 'default', days: 7, source: 'http://c/{utc}' } },
    ],
  },
  { name: 'no head and blank lines before', text: `\n\n#EXTINF:-1,A\n${URL_A}`, entries: [{ name: 'A', url: URL_A }] },
  {
    name: 'entries without address and addresses without entry',
    text: `#EXTM3U\n#EXTINF:-1,Lost\n#EXTINF:-1,A\n${URL_A}\n${URL_B}\n#EXTINF:-1,Last`,
    entries: [{ name: 'A', url: URL_A }],
    problems: [2, 5, 6],
  },
  {
    name: 'addresses alone',
    text: `${URL_A}\n# a comment\nhttp://tv.example.org/x/b.m3u8?password=secret\nnot an address\n`,
    entries: [
      { name: 'a', url: URL_A },
      { name: 'b', url: 'http://tv.example.org/x/b.m3u8?password=secret' },
    ],
  },
  {
    name: 'a line that is far too long',
    text: `#EXTM3U\n#EXTINF:-1,${'x'.repeat(70_000)}\n${URL_B}\n#EXTINF:-1,A\n${URL_A}\n`,
    entries: [{ name: 'A', url: URL_A }],
    problems: [2],
  },
  {
    name: 'NULs and controls',
    text: `#EXTM3U\n#EXTINF:-1,A\0\u0007 \u202eB\n${URL_A}\n`,
    entries: [{ name: 'A B', url: URL_A }],
  },
]
