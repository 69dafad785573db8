import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { findBreaks } from '../../../../adapters/library/measure/find-breaks.ts'
import { measureSound, readSummary } from '../../../../adapters/library/measure/measure-sound.ts'
import { openProbe } from '../../../../adapters/library/probe/open-probe.ts'
import { measureItem, startMeasurer } from '../../../../adapters/library/measure/measurer.ts'
import { walkedFile } from '../../../../adapters/library/scan/walk-folder.ts'
import { ItemStore } from '../../../../adapters/library/store/item-store.ts'
import { LIBRARY_STEPS } from '../../../../adapters/library/store/library-schema.ts'
import { openDatabase } from '../../../../adapters/store/database.ts'
import { migrate } from '../../../../adapters/store/migrate.ts'
import { wordsOfPath } from '../../../../core/library/names/words-of-path.ts'
import { systemTimers } from '../../../../core/live/timers.ts'
import { findProgram, skipWithout } from '../../../require-program.ts'

const SUMMARY = `[Parsed_ebur128_1 @ 0x1] t: 1.0 I: -70.0 LUFS
[Parsed_ebur128_1 @ 0x1] Summary:

  Integrated loudness:
    I:         -21.8 LUFS
    Threshold: -31.8 LUFS

  Loudness range:
    LRA:         0.0 LU
    Threshold: -41.8 LUFS

  True peak:
    Peak:      -18.1 dBFS
`

test('readSummary() reads what ebur128 says at the end', () => {
  assert.deepEqual(readSummary(SUMMARY), { integratedLufs: -21.8, truePeakDb: -18.1 })
})

for (const [name, text] of [
  ['nothing', ''],
  ['silence', SUMMARY.replace('-21.8', '-70.0').replace('-18.1', '-inf')],
] as const) {
  test(`readSummary() gives no loudness for ${name}`, () => assert.equal(readSummary(text), null))
}

const ffmpeg = findProgram('ffmpeg')
if (ffmpeg === null) test('measuring', (t) => skipWithout(t, 'ffmpeg'))
else {
  const run = { signal: new AbortController().signal }
  let folder = ''
  const film = (): string => join(folder, 'film.mkv')
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'downlink-measure-'))
    // Black and silent at 65 s, silent alone at 80 s, black alone at 95 s.
    const picture =
      "testsrc2=s=64x36:r=10:d=130,drawbox=t=fill:c=black:enable='between(t,65,65.75)+between(t,95,95.75)'"
    const sound = "sine=f=440:r=48000:d=130,volume=0:enable='between(t,64.9,65.9)+between(t,80,81)'"
    const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound]
    const codecs = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac'.split(' ')
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-y', ...inputs, ...codecs, film()])
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const aStore = async (): Promise<{ store: ItemStore; key: number }> => {
    const database = openDatabase(':memory:', 'normal')
    migrate(database, LIBRARY_STEPS)
    const store = new ItemStore(database, 'films')
    const file = { ...(await walkedFile(folder, 'film.mkv')), noteSign: '', artwork: null }
    const key = store.add({ file, words: wordsOfPath('Films/film.mkv') }, 1)
    const result = await (await openProbe(ffmpeg))?.probe(film(), run.signal)
    if (result?.kind === 'facts') store.setFacts(key, { ...result, fingerprint: null })
    return { store, key }
  }
  const partsOf = (store: ItemStore) => ({
    store,
    root: folder,
    ffmpeg,
    mayWork: () => true,
    timers: systemTimers,
    log: () => {},
    changed: () => {},
    prepare: async () => {},
    shortestToBreakMs: 60_000,
  })

  test('measureSound() hears how loud a file is, and where it is silent', async () => {
    const report = await measureSound(ffmpeg, film(), run)
    assert.ok(Math.abs((report?.loudness?.integratedLufs ?? 0) + 21) < 2, JSON.stringify(report?.loudness))
    assert.ok((report?.loudness?.truePeakDb ?? 0) < -15)
    assert.deepEqual(
      report?.silences.map(({ fromMs }) => Math.round(fromMs / 1000)),
      [65, 80],
    )
  })

  test('measureSound() gives nothing for a file that FFmpeg cannot read', async () => {
    assert.equal(await measureSound(ffmpeg, join(folder, 'gone.mkv'), run), null)
  })

  test('findBreaks() finds the middle of black that is silent', async () => {
    const silences = [
      { fromMs: 64_900, toMs: 65_900 },
      { fromMs: 80_000, toMs: 81_000 },
    ]
    const breaks = await findBreaks(ffmpeg, { path: film(), durationMs: 130_000, silences }, run)
    assert.equal(breaks?.length, 1)
    assert.ok(Math.abs((breaks?.[0] ?? 0) - 65_400) <= 100, String(breaks))
  })

  test('findBreaks() looks at nothing near the ends', async () => {
    const silences = [{ fromMs: 1000, toMs: 2000 }]
    const gone = join(folder, 'gone.mkv') // never opened
    assert.deepEqual(await findBreaks(gone, { path: gone, durationMs: 130_000, silences }, run), [])
  })

  test('measureItem() keeps what it has measured', async () => {
    const { store, key } = await aStore()
    const kept = store.byKey(key)
    assert.notEqual(kept, null)
    if (kept !== null) assert.equal(await measureItem(partsOf(store), kept, run.signal), true)
    const item = store.byKey(key)?.item
    assert.ok(item?.loudness !== null)
    assert.equal(item?.breaksMs.length, 1)
    assert.equal(store.unmeasured(), 0)
    store.database[Symbol.dispose]()
  })

  test('measureItem() keeps nothing of a file that went away meanwhile', async () => {
    const { store, key } = await aStore()
    const kept = store.byKey(key)
    const root = join(folder, 'not-mounted')
    assert.equal(kept !== null && (await measureItem({ ...partsOf(store), root }, kept, run.signal)), false)
    assert.equal(store.unmeasured(), 1)
    store.database[Symbol.dispose]()
  })

  test('startMeasurer() stands still while streams need the machine, and ends when it is disposed', async () => {
    const { store } = await aStore()
    let mayWork = false
    const asked = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const timers = { ...systemTimers, set: (work: () => void) => systemTimers.set(work, 5) }
    const measurer = startMeasurer({
      ...partsOf(store),
      timers,
      mayWork() {
        asked.resolve()
        return mayWork
      },
      changed: done.resolve,
    })
    await asked.promise
    assert.equal(store.unmeasured(), 1)
    mayWork = true
    await done.promise
    assert.equal(store.unmeasured(), 0)
    await measurer[Symbol.asyncDispose]()
    store.database[Symbol.dispose]()
  })
}
