import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { clip } from '../clips/make.ts'
import { judge } from '../core/live/ts-judge.ts'
import { findFfmpeg } from '../fakes/receiver/index.ts'
import { noFfmpeg, ready } from '../runtime/house.ts'
import { addressesIn, newFolder, runToEnd, RUNTIME, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct horse'
/** Small enough to be encoded on a machine that is busy with other tests. */
const HOUSE = { width: 320, height: 180, videoKbps: 300 }
const BY_FILE = {
  id: 'mix',
  name: 'Mix',
  number: 77,
  group: 'Own',
  house: HOUSE,
  pools: [{ id: 'all', query: {}, mode: 'sequence' }],
}

/** A programme an hour, so that plans are short. */
const HOURLY = {
  ...BY_FILE,
  id: 'hourly',
  name: 'Hourly',
  number: 79,
  slots: [{ at: '00:00', show: { pool: 'all' }, padToMinutes: 60 }],
}

const clips = new Map([
  ['Films/First (1978).mp4', 'A'],
  ['Films/Second (1983).mp4', 'B'],
  ['Series/Third/Season 1/Third S01E02 Silent.mkv', 'S'],
] as const)

/** Calls of the API as the owner. */
async function asOwner(house: Program) {
  const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password: PASSWORD } })
  const cookie = String(login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
  return (path: string, method = 'GET', body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    house.ask(`/api/v1${path}`, {
      method,
      headers: { cookie, origin: house.url, ...headers },
      ...(body !== undefined && { body }),
    })
}

describe(`channels of one's own on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const folder = newFolder()
  const films = join(folder, 'films')
  const options = {
    folder,
    config: {
      admin: { password: PASSWORD },
      hdhr: { enabled: false },
      transcode: { limit: 4 },
      sources: [{ id: 'films', kind: 'media', name: 'Films', path: films, channels: [BY_FILE, HOURLY] }],
    },
  }
  let house: Program
  before(async () => {
    for (const [file, name] of clips) {
      const target = join(films, file)
      mkdirSync(join(target, '..'), { recursive: true })
      copyFileSync(clip(findFfmpeg() ?? 'ffmpeg', name).path, target)
    }
    house = await startProgram(options)
    await ready(house)
    await house.line('library-scanned')
  })
  after(async () => {
    await house[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })
  const guide = async (): Promise<string> => (await house.ask('/xmltv.xml')).text

  test('a folder of clips is a channel with number, group and guide', async () => {
    const { text } = await house.ask('/playlist.m3u')
    assert.match(text, /tvg-chno="77" group-title="Own",Mix\n/)
    const told = await until('the guide has its programmes', async () => {
      const xml = await guide()
      return /<title>First<\/title>/.test(xml) ? xml : null
    })
    assert.match(told, /<title>Third<\/title><sub-title>Silent<\/sub-title>/)
    assert.match(told, /<episode-num system="xmltv_ns">0\.1\.<\/episode-num>/)
    const { items } = (await house.ask('/api/v1/vod/films/entries?kind=film')).json() as {
      items: { name: string; play: string }[]
    }
    assert.deepEqual(items.map(({ name }) => name).toSorted(), ['First', 'Second'])
    const part = await house.ask(`/${items[0]?.play.replace(/^\//, '') ?? ''}`, { headers: { range: 'bytes=0-99' } })
    assert.deepEqual([part.status, part.bytes.length], [206, 100])
  })

  test('it plays across a seam: nothing is wrong with the stream, and HLS has no discontinuity', async () => {
    const live = await house.open('/iptv/channel/77.ts')
    assert.equal(live.status, 200)
    const master = await house.ask('/live/c1.m3u8')
    const list = new URL(addressesIn(master.text)[0] ?? '', `${house.url}/live/c1.m3u8`).pathname
    // Programmes are 6 s long: in 8 s there is a seam.
    const seen = await until(
      'eight seconds were sent',
      () => {
        const bytes = live.received()
        const judged = judge(bytes.subarray(0, bytes.length - (bytes.length % 188)))
        const [first = 0] = judged.pcr
        return ((judged.pcr.at(-1) ?? 0) - first) / 90_000 > 8 ? judged : null
      },
      40_000,
    )
    assert.deepEqual([seen.faults, seen.announced, seen.pmtVersions.length], [[], 0, 1])
    const playlist = await house.ask(list, { follow: true })
    assert.match(playlist.text, /#EXTINF/)
    assert.doesNotMatch(playlist.text, /#EXT-X-DISCONTINUITY\n/)
    live.close()
  })

  test('a document that is added, edited, overridden and removed counts at once, and outlives kill -9', async () => {
    let call = await asOwner(house)
    const document = { ...HOURLY, id: 'night', name: 'Night', number: 78 }
    const wrong = await call('/schedules', 'POST', { document: { ...document, pools: [{ id: 'all' }] } })
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /linear\/invalid.*|pools\[0\]/)
    const added = await call('/schedules', 'POST', { document })
    assert.equal(added.status, 201, added.text)
    assert.match((await house.ask('/playlist.m3u')).text, /tvg-chno="78" group-title="Own",Night\n/)
    const tag = added.headers['etag'] ?? ''

    const titled = {
      ...document,
      slots: [{ at: '00:00', show: { pool: 'all' }, padToMinutes: 60, guide: { title: 'All night long' } }],
    }
    const edited = await call('/schedules/night', 'PUT', { document: titled }, { 'if-match': tag })
    assert.equal(edited.status, 200, edited.text)
    assert.match(await guide(), /<title>All night long<\/title>/)
    assert.equal((await call('/schedules/night', 'PUT', { document }, { 'if-match': tag })).status, 412)
    assert.equal((await call('/schedules/mix', 'PUT', { document: BY_FILE })).status, 409)

    const over = await call('/schedules/hourly/override', 'POST', { show: { text: 'Storm' } })
    assert.equal(over.status, 201, over.text)
    const { items } = (await call('/schedules/hourly/plan')).json() as {
      items: { kind: string; text: string | null }[]
    }
    assert.ok(items.some(({ kind, text }) => kind === 'slate' && text === 'Storm'))

    await house.kill9()
    house = await startProgram(options)
    await ready(house)
    call = await asOwner(house)
    const kept = (await call('/schedules/night')).json() as { document: object; managedBy: string }
    assert.deepEqual([kept.managedBy, Reflect.get(kept.document, 'slots')], ['house', titled.slots])
    assert.equal((await call('/schedules/hourly/override', 'DELETE')).status, 200)
    assert.equal((await call('/schedules/night', 'DELETE')).status, 204)
    assert.doesNotMatch((await house.ask('/playlist.m3u')).text, /Night/)
  })

  test('the command line lists channels and prints a plan, with and without a running house', async () => {
    const run = (...command: string[]) =>
      runToEnd({ folder, command, bare: true, args: ['--data', join(folder, 'data')] })
    const plan = await run('channel', 'plan', 'hourly', '--json')
    assert.equal(plan.code, 0, plan.stderr)
    const titles = new Set((JSON.parse(plan.stdout) as { title: string }[]).map(({ title }) => title))
    assert.ok(
      ['First', 'Second', 'Third'].every((title) => titles.has(title)),
      [...titles].join(),
    )
    assert.match((await run('channel', 'list')).stdout, /^mix +77 {2}Mix/m)
    assert.equal((await run('channel', 'plan', 'nothing')).code, 1)
    await house.stop()
    const asleep = await run('channel', 'plan', 'hourly')
    assert.equal(asleep.code, 0, asleep.stderr)
    assert.match(asleep.stdout, /First/)
  })

  test('play: files as one stream at once, the end of the program after the last one; a bad file is a sentence', async () => {
    const [first = ''] = clips.keys()
    const player = await startProgram({
      command: ['play', join(films, first)],
      bare: true,
      args: ['--listen', '127.0.0.1:0'],
    })
    const body = await player.open('/live/c1.ts')
    assert.equal(body.status, 200)
    await body.ended
    const bytes = body.received()
    assert.deepEqual(judge(bytes.subarray(0, bytes.length - (bytes.length % 188))).faults, [])
    await player[Symbol.asyncDispose]()
    const bad = await runToEnd({ command: ['play', join(folder, 'downlink.yaml')], bare: true })
    assert.equal(bad.code, 2)
    assert.match(bad.stderr, /^downlink: Cannot play "downlink\.yaml": /)
  })
})
