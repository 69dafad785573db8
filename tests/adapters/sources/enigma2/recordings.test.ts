import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Recorder } from '../../../../core/lineup/recording-timer.ts'
import type { VodFile, VodRange, VodSource } from '../../../../core/lineup/vod.ts'
import { diskByte } from '../../../fakes/receiver/disk.ts'
import { nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import type { Receiver } from '../../../fakes/receiver/index.ts'
import { findFfmpeg, testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import { aSourceWith, failsWith, hasty, patience } from './receiver.ts'

const options = { ffmpegPath: findFfmpeg() ?? '/nonexistent/ffmpeg', cacheDir: testCacheDir, timing: quickTiming }
const FILE = '/media/hdd/movie/20260101 2015 - Ö1 & Co - Neu + "alt" 100%.ts'
const SIZE = 188 * 100
let receiver: Receiver
before(async () => {
  receiver = await startReceiver({ ...options, model: nastyModel() })
})
after(() => receiver[Symbol.asyncDispose]())
afterEach(() => {
  for (const { recording } of receiver.disk.list()) receiver.disk.remove(recording.file)
})

function put(
  file = FILE,
  changes: { readonly isGrowing?: boolean; readonly tags?: string; readonly beginMs?: number } = {},
) {
  const [service] = receiver.model.services
  assert.ok(service)
  const { isGrowing = false, tags = '', beginMs = Date.UTC(2026, 0, 1, 19, 15) } = changes
  const recording = { file, service, title: 'Neu & alt', description: '', tags, beginMs, seconds: 300 }
  receiver.disk.put(recording, SIZE, { isGrowing })
}

function house(): AsyncDisposable & { readonly vod: VodSource; readonly recorder: Recorder } {
  // A clock of its own, so that every question is a new one.
  let now = Date.now()
  const source = aSourceWith({ url: receiver.url }, { timers: hasty, now: () => (now += 20_000) })
  const { vod, recorder } = source
  assert.ok(vod && recorder)
  return { vod, recorder, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() }
}

async function play({ vod, recorder }: ReturnType<typeof house>, range: VodRange | null = null): Promise<VodFile> {
  const [first] = await recorder.recordings(patience())
  return vod.openFile({ item: { kind: 'film', id: first?.id ?? 'none' }, range, signal: patience() })
}

const readAll = async (file: VodFile): Promise<Uint8Array> =>
  new Uint8Array(await new Response(file.body).arrayBuffer())

test('recordings() lists all folders and those below, the newest first', async () => {
  put()
  put('/media/usb/movie/Serien/b.ts', { tags: 'serie', beginMs: Date.UTC(2026, 1, 1) })
  await using at = house()
  const list = await at.recorder.recordings(patience())
  assert.deepEqual(
    list.map(({ title, folder, tags, isGrowing, durationSeconds }) => [
      title,
      folder,
      tags,
      isGrowing,
      durationSeconds,
    ]),
    [
      ['Neu & alt', 'Serien', ['serie'], false, 300],
      ['Neu & alt', 'movie', [], false, 300],
    ],
  )
  assert.ok(list.every((one) => /^[\w-]{1,64}$/.test(one.id) && !('file' in one)))
})

test('recordings are films in categories by folder and tag', async () => {
  put()
  put('/media/usb/movie/Serien/b.ts', { tags: 'serie' })
  await using at = house()
  const categories = await at.vod.categories('film', patience())
  assert.deepEqual(categories.map(({ name }) => name).toSorted(), ['Serien', 'movie', 'serie'])
  const category = categories.find(({ name }) => name === 'serie')?.id ?? ''
  const page = await at.vod.entries({ kind: 'film', category, search: 'ALT', offset: 0, limit: 5 }, patience())
  assert.deepEqual([page.total, page.items[0]?.container], [1, 'ts'])
  assert.equal((await at.vod.film(page.items[0]?.id ?? '', patience()))?.durationSeconds, 300)
})

for (const { range, part } of [
  { range: null, part: [0, SIZE - 1, SIZE, false] },
  { range: { first: 0, last: null }, part: [0, SIZE - 1, SIZE, true] },
  { range: { first: 189, last: 376 }, part: [189, 376, SIZE, true] },
  { range: { first: SIZE - 1, last: null }, part: [SIZE - 1, SIZE - 1, SIZE, true] },
] as const) {
  test(`openFile() of a finished recording sends ${range === null ? 'all' : `${range.first}-${range.last ?? ''}`}`, async () => {
    put()
    await using at = house()
    const file = await play(at, range)
    const bytes = await readAll(file)
    const [first, last] = part
    assert.deepEqual([file.first, file.last, file.size, file.partial], part)
    assert.equal(file.contentType, 'video/mp2t')
    assert.equal(bytes.length, last - first + 1)
    assert.ok(bytes.every((byte, index) => byte === diskByte(first + index)))
  })
}

test('openFile() behind the end fails with the size', async () => {
  put()
  await using at = house()
  await assert.rejects(play(at, { first: SIZE, last: null }), (error: Error & { facts?: unknown }) => {
    assert.deepEqual(error.facts, { size: SIZE })
    return failsWith('vod/range')(error)
  })
})

test('openFile() of a file that is gone meanwhile says so', async () => {
  put()
  await using at = house()
  const [first] = await at.recorder.recordings(patience())
  receiver.disk.remove(FILE)
  const item = { kind: 'film', id: first?.id ?? '' } as const
  await assert.rejects(at.vod.openFile({ item, range: null, signal: patience() }), failsWith('vod/unknown-item'))
})

test('openFile() never asks for a path that somebody typed', async () => {
  put()
  await using at = house()
  await at.recorder.recordings(patience())
  const before = receiver.observe().requests['file'] ?? 0
  for (const id of [FILE, '/etc/passwd', '..%2f..%2fetc%2fpasswd', '']) {
    const opening = at.vod.openFile({ item: { kind: 'film', id }, range: null, signal: patience() })
    await assert.rejects(opening, failsWith('vod/unknown-item'))
  }
  assert.equal(receiver.observe().requests['file'] ?? 0, before)
})

/** A recording that a running timer writes. */
async function record(): Promise<AsyncDisposable & { readonly file: string }> {
  const [service] = receiver.model.services
  assert.ok(service)
  const begin = Math.floor(Date.now() / 1000) - 1
  const timer = { sRef: service.ref, begin: String(begin), end: String(begin + 3600), name: 'Läuft' }
  const call = async (method: string) =>
    (await fetch(`${receiver.url}/api/${method}?${new URLSearchParams(timer).toString()}`)).text()
  await call('timeradd')
  const running = () => receiver.disk.list().find(({ isGrowing }) => isGrowing)
  while (running() === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    file: running()?.recording.file ?? '',
    async [Symbol.asyncDispose]() {
      await call('timerdelete')
    },
  }
}

test('a recording that runs has no length, and is sent on as it grows until it is finished', async () => {
  await using timer = await record()
  receiver.disk.grow(timer.file, SIZE)
  await using at = house()
  const [first] = await at.recorder.recordings(patience())
  assert.deepEqual([first?.isGrowing, first?.durationSeconds], [true, null])
  const file = await play(at)
  assert.deepEqual([file.first, file.last, file.size, file.partial], [0, null, null, false])
  const reader = file.body.getReader()
  let received = 0
  const take = async (): Promise<boolean> => {
    const { done, value } = await reader.read()
    if (done) return false
    assert.ok(value.every((byte, index) => byte === diskByte(received + index)))
    received += value.length
    return true
  }
  while (received < SIZE) assert.ok(await take())
  receiver.disk.grow(timer.file, SIZE)
  while (received < 2 * SIZE) assert.ok(await take())
  await timer[Symbol.asyncDispose]()
  receiver.disk.grow(timer.file, 188) // the last buffer of the box
  while (await take());
  const end = receiver.disk.list().find(({ recording }) => recording.file === timer.file)
  assert.equal(received, end?.size)
})

test('who asks for what comes behind the end of a growing recording waits for it', async () => {
  await using timer = await record()
  receiver.disk.grow(timer.file, SIZE)
  await using at = house()
  await at.recorder.recordings(patience())
  const opening = play(at, { first: 3 * SIZE, last: null })
  receiver.disk.grow(timer.file, 4 * SIZE)
  const file = await opening
  assert.deepEqual([file.first, file.partial], [3 * SIZE, true])
  assert.equal((await readAll(file)).length, (file.last ?? 0) - file.first + 1)
})

test('a recording that breaks off is a failure, and closing ends the connection', async () => {
  put()
  await using at = house()
  const file = await play(at)
  await file.close()
  await file.close()
  const reader = file.body.getReader()
  await assert.rejects(async () => {
    for (;;) if ((await reader.read()).done) return
  })
})

test('recordings need no tuner', async () => {
  await using at = house()
  assert.equal(at.vod.usesSlots, false)
})
