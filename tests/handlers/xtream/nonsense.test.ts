import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../../core/errors.ts'
import { programmeAt, xtreamHouse } from './xtream-house.ts'

const ACTIONS = [
  'get_live_categories',
  'get_live_streams',
  'get_vod_categories',
  'get_vod_streams',
  'get_vod_info',
  'get_series_categories',
  'get_series',
  'get_series_info',
  'get_short_epg',
  'get_simple_data_table',
  'get_epg',
]
const PARAMETERS = ['category_id', 'stream_id', 'vod_id', 'series_id', 'limit', 'from_now', 'type', 'output', 'key']

const anyText = fc.oneof(
  fc.constantFrom('', '0', '1', '-1', '2', '70000', '1073741825', '2147483648', '1e9', '٣', '*', 'null', '[]'),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const anyParameters = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), anyText), { maxLength: 4 })
const refuses = (): Promise<never> => Promise.reject(new Failure('live/no-slot', 'Busy'))
/** What a house without streams says of every path of one. */
const nothing = (): Promise<never> => Promise.reject(new Failure('hls/gone', 'There is nothing'))

test('whatever a client asks for, it is never a failure of ours, and nothing tells the token of somebody else', async () => {
  const live = { ts: refuses, hls: refuses }
  await using made = await xtreamHouse({ withFilms: true, gateway: { live }, programmes: () => [programmeAt(0)] })
  const file = fc.constantFrom('/player_api.php', '/panel_api.php', '/get.php', '/xmltv.php', '/timeshift.php')
  const other = (await made.house.tokens.add({ kind: 'viewing', name: 'Jo' })).token.reveal()
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.oneof(fc.constantFrom(...ACTIONS), anyText),
      anyParameters,
      fc.boolean(),
      async (path, action, parameters, isKnown) => {
        const query = new URLSearchParams([...parameters, ['action', action], ['username', 'anna']])
        query.append('password', isKnown ? made.token : 'guess')
        const response = await made.get(`${path}?${query.toString()}`)
        const text = await response.text()
        assert.ok(response.status < 500, `${path} ${query.toString()}: ${response.status}`)
        assert.ok(!text.includes(other))
        if (!isKnown) assert.ok(!text.includes('Erste'), text)
      },
    ),
    { numRuns: 400 },
  )
})

test('whatever stands in a path, it is never a failure of ours', async () => {
  await using made = await xtreamHouse({ withFilms: true, gateway: { live: { ts: nothing, hls: nothing } } })
  const segment = fc.oneof(anyText, fc.constantFrom('anna', made.token, '2.ts', '2', 'hls', 'c2', 'live'))
  const first = fc.constantFrom('live', 'movie', 'series', 'timeshift', 'anna', 'hls', 'play')
  await fc.assert(
    fc.asyncProperty(first, fc.array(segment, { minLength: 1, maxLength: 5 }), async (start, rest) => {
      const path = ['', start, ...rest.map((text) => encodeURIComponent(text.toWellFormed()))].join('/')
      const response = await made.get(path, {}, 'HEAD')
      assert.ok(response.status < 500, `${path}: ${response.status}`)
    }),
    { numRuns: 400 },
  )
})
