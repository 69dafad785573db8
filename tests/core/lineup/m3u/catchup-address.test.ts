import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { catchupAddress, hasCatchupAddress } from '../../../../core/lineup/m3u/catchup-address.ts'
import type { M3uCatchup } from '../../../../core/lineup/m3u/entry.ts'

const FROM = Date.UTC(2026, 10, 20, 19, 15, 30)
const TO = Date.UTC(2026, 10, 20, 20, 0, 0)
const NOW = Date.UTC(2026, 10, 21, 8, 0, 0)
const [START, END, LATER] = [FROM / 1000, TO / 1000, NOW / 1000]
const LENGTH = END - START
const AGO = LATER - START
const URL_TS = 'http://tv.example/5/mpegts'

const way = (type: string, source: string | null = null, correctionHours?: number): M3uCatchup => ({
  type,
  days: 7,
  source,
  ...(correctionHours === undefined ? {} : { correctionHours }),
})
const address = (catchup: M3uCatchup, url: string, offsetMinutes = 0): string | null =>
  catchupAddress(catchup, url, { span: { from: FROM, to: TO }, now: NOW, offsetAt: () => offsetMinutes * 60_000 })

for (const { name, catchup, url = URL_TS, offset = 0, is } of [
  {
    name: 'default, an address of its own',
    catchup: way('default', 'http://a.example/v-{utc}-{duration}.m3u8'),
    is: `http://a.example/v-${START}-${LENGTH}.m3u8`,
  },
  {
    name: 'default, behind the address',
    catchup: way('default', '?s=${start}&e=${end}'),
    is: `${URL_TS}?s=${START}&e=${END}`,
  },
  { name: 'default without a source', catchup: way('default'), is: null },
  { name: 'append', catchup: way('append', '?utc={utc}&utcend={utcend}'), is: `${URL_TS}?utc=${START}&utcend=${END}` },
  { name: 'append without a source', catchup: way('append'), is: null },
  { name: 'shift', catchup: way('shift'), is: `${URL_TS}?utc=${START}&lutc=${LATER}` },
  {
    name: 'shift behind a query',
    catchup: way('timeshift'),
    url: 'http://tv.example/5?token=a',
    is: `http://tv.example/5?token=a&utc=${START}&lutc=${LATER}`,
  },
  { name: 'flussonic, MPEG-TS', catchup: way('flussonic'), is: `http://tv.example/5/timeshift_abs-${START}.ts` },
  {
    name: 'flussonic, a list with a token',
    catchup: way('flussonic'),
    url: 'http://tv.example:88/a/325/index.m3u8?token=s',
    is: `http://tv.example:88/a/325/timeshift_rel-${AGO}.m3u8?token=s`,
  },
  {
    name: 'flussonic, a list with a name',
    catchup: way('flussonic-hls'),
    url: 'http://tv.example/325/mono.m3u8',
    is: `http://tv.example/325/mono-timeshift_rel-${AGO}.m3u8`,
  },
  {
    name: 'flussonic-ts, any name',
    catchup: way('flussonic-ts'),
    url: 'http://tv.example/325/live?t=1',
    is: `http://tv.example/325/timeshift_abs-${START}.ts?t=1`,
  },
  {
    name: 'fs, any name',
    catchup: way('fs'),
    url: 'http://tv.example/325/live',
    is: `http://tv.example/325/timeshift_abs-${START}.ts`,
  },
  {
    name: 'flussonic, any name',
    catchup: way('flussonic'),
    url: 'http://tv.example/325/live',
    is: `http://tv.example/325/timeshift_rel-${AGO}.m3u8`,
  },
  {
    name: 'xc, whole minutes of the provider',
    catchup: way('xc'),
    url: 'http://tv.example:8080/me/secret/1477',
    offset: 60,
    is: 'http://tv.example:8080/timeshift/me/secret/45/2026-11-20:20-15/1477.ts',
  },
  {
    name: 'xc with live, prefix and form',
    catchup: way('xc'),
    url: 'http://tv.example/panel/live/me/secret/1477.m3u8',
    is: 'http://tv.example/panel/timeshift/me/secret/45/2026-11-20:19-15/1477.m3u8',
  },
  {
    name: 'xc of MPEG-TS, which Kodi leaves out',
    catchup: way('xc'),
    url: 'http://tv.example/live/me/secret/1477.ts',
    is: 'http://tv.example/timeshift/me/secret/45/2026-11-20:19-15/1477.ts',
  },
  { name: 'xc of an address that is none of a panel', catchup: way('xc'), url: 'http://tv.example/x', is: null },
  { name: 'vod by the guide of Kodi', catchup: way('vod', 'plugin://a/{catchup-id}'), is: null },
  { name: 'what nobody knows', catchup: way('teletime', 'http://a/{utc}'), is: null },
  {
    name: 'units of minutes',
    catchup: way('default', 'http://a/{duration:60}/{offset:3600}/${offset}'),
    is: `http://a/${Math.floor(LENGTH / 60)}/${Math.floor(AGO / 3600)}/${AGO}`,
  },
  {
    name: 'spelled times of the provider',
    catchup: way('append', '&cutv={Y}-{m}-{d}T{H}:{M}:{S}&to=${end:Y/m/d-H.M}&n={lutc:H}'),
    offset: -300,
    is: `${URL_TS}&cutv=2026-11-20T14:15:30&to=2026/11/20-15.00&n=03`,
  },
  {
    name: 'a clock that is wrong by four hours',
    catchup: way('append', '?u={utc}&l={lutc}', -4),
    is: `${URL_TS}?u=${START + 4 * 3600}&l=${LATER}`,
  },
  {
    name: 'words that are no times',
    catchup: way('default', 'http://a/{constructor}/{duration:0}/{toString:Y}/{utc}'),
    is: `http://a/{constructor}/{duration:0}/{toString:Y}/${START}`,
  },
] satisfies readonly { name: string; catchup: M3uCatchup; url?: string; offset?: number; is: string | null }[]) {
  test(`catchupAddress() makes one of ${name}`, () => assert.equal(address(catchup, url, offset), is))
}

test('catchupAddress() spells the time of the provider on the day on which its clock is set back', () => {
  const offsetAt = (instant: number): number => (instant < Date.UTC(2026, 9, 25, 1) ? 120 : 60) * 60_000
  const spelled = (from: number) =>
    catchupAddress(way('default', 'http://a/{Y}{m}{d}{H}{M}'), URL_TS, {
      span: { from, to: from + 1 },
      now: NOW,
      offsetAt,
    })
  assert.equal(spelled(Date.UTC(2026, 9, 25, 0, 30)), 'http://a/202610250230')
  assert.equal(spelled(Date.UTC(2026, 9, 25, 1, 30)), 'http://a/202610250230')
})

test('hasCatchupAddress() says for any way and address what catchupAddress() then does', () => {
  const types = fc.constantFrom('default', 'append', 'shift', 'flussonic', 'fs', 'xc', 'vod', 'other')
  const sources = fc.option(fc.constantFrom('http://a/{utc}', '?x={utc}', '{catchup-id}'))
  const urls = fc.constantFrom(URL_TS, 'http://a/u/p/1', 'http://a/u/p/1.ts', 'http://a', 'http://a/x.m3u8?q=1')
  fc.assert(
    fc.property(types, sources, urls, (type, source, url) => {
      assert.equal(hasCatchupAddress(way(type, source), url), address(way(type, source), url) !== null)
    }),
  )
})
