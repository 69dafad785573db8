import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceDriver } from '../../adapters/sources/driver.ts'
import { Failure } from '../../core/errors.ts'
import type { CatalogueItem, CatalogueProgress } from '../../core/lineup/catalogue.ts'
import { parseChannelNumber } from '../../core/lineup/channel.ts'
import { streamId } from '../../core/lineup/stream.ts'
import type { Stream } from '../../core/lineup/stream.ts'
import type { UpstreamSink } from '../../core/live/upstream.ts'

/** A driver and the simulated source behind it. */
export interface SourceSubject extends AsyncDisposable {
  readonly driver: SourceDriver
  /** Key of an item that plays. */
  readonly plays: string
  /** Key of an item that the source refuses. */
  readonly refuses: string
  /** Key of an item that is accepted and then silent for ever. */
  readonly silent: string
  /** Whether streams can be played here: simulators need FFmpeg for their pictures. */
  readonly skipStreams: string | false
  /** A channel of the guide that has programmes around `now`; null: the source has no guide. */
  readonly guideChannel: string | null
  readonly now: number
  /** Texts that must not appear in anything the driver tells. */
  readonly secrets: readonly string[]
  /** All log lines so far, as JSON. */
  logged(): string
  /** Open stream connections at the far end. */
  openStreams(): number
  /** The far end closes all streams. */
  endStreams(): void
}

const PATIENCE_MS = 8000
const DAY_MS = 24 * 3600 * 1000

const patience = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS)
const isNamed = (error: unknown, pattern: RegExp): true => {
  assert.ok(error instanceof Failure, `should be a Failure, is ${String(error)}`)
  assert.match(error.code, pattern)
  return true
}

/** What every driver of a source has to do (core ports `Catalogue`, `GuideFeed`, `StreamOpener`, `SlotRule`, `LogoSource`). */
export function testSourceDriver(name: string, open: () => Promise<SourceSubject>): void {
  test(`${name}: catalogue() lists items with keys of their own, clean names and known groups`, async () => {
    await using subject = await open()
    const { sourceId, groups, items } = await subject.driver.catalogue(patience())
    assert.equal(sourceId, subject.driver.id)
    assert.ok(items.length > 0)
    assert.equal(new Set(items.map(({ item }) => item)).size, items.length)
    assert.equal(new Set(groups).size, groups.length)
    for (const item of items) {
      assert.notEqual(item.item, '')
      assert.notEqual(item.slotKey, '')
      assert.equal(item.name, item.name.trim())
      assert.match(item.name, /^[^\u0000-\u001f\u007f-\u009f]+$/) // eslint-disable-line no-control-regex -- must not be there
      if (item.number !== null) assert.equal(parseChannelNumber(item.number), item.number)
      for (const group of item.groups) assert.ok(groups.includes(group), `group "${group}" should be listed`)
    }
  })

  test(`${name}: catalogue() gives the same again`, async () => {
    await using subject = await open()
    const first = await subject.driver.catalogue(patience())
    assert.deepEqual(await subject.driver.catalogue(patience()), first)
  })

  test(`${name}: catalogue() tells how much has come, and never less than before`, async () => {
    await using subject = await open()
    const told: CatalogueProgress[] = []
    await subject.driver.catalogue(patience(), (progress) => void told.push(progress))
    assert.ok(told.length > 0)
    for (const [index, { done, total, unit }] of told.entries()) {
      assert.equal(unit, told[0]?.unit)
      assert.ok(done >= (told[index - 1]?.done ?? 0) && done <= (total ?? Infinity), `${done} of ${total}`)
    }
  })

  test(`${name}: catalogue() stops when it is no longer wanted`, async () => {
    await using subject = await open()
    const reason = new Error('no longer wanted')
    const abort = new AbortController()
    const listing = subject.driver.catalogue(abort.signal)
    abort.abort(reason)
    await assert.rejects(listing, (error) => error === reason)
  })

  test(`${name}: check.ask() tells facts and opens no stream`, async () => {
    await using subject = await open()
    const { check } = subject.driver
    const facts = await check.ask({ userAgent: null, signal: patience() })
    assert.ok(Object.keys(facts).length > 0)
    for (const secret of subject.secrets) assert.ok(!JSON.stringify(facts).includes(secret))
    assert.equal(subject.openStreams(), 0)
  })

  test(`${name}: slots() is a whole number or not known`, async () => {
    await using subject = await open()
    await subject.driver.catalogue(patience())
    const slots = subject.driver.slots()
    assert.ok(slots === null || (Number.isInteger(slots) && slots > 0), `is ${slots}`)
  })

  test(`${name}: guide() yields one clean batch for each channel that the source knows, in the order asked`, async () => {
    await using subject = await open()
    const { guideChannel, driver, now } = subject
    const { items } = await driver.catalogue(patience())
    if (guideChannel === null) {
      // Its guide is a document, or there is none: it knows no channel.
      const walk = driver.guide(['no such channel'], { from: now, to: now + DAY_MS }, patience())
      assert.deepEqual(await Array.fromAsync(walk), [])
      return
    }
    const others = items.flatMap(({ guide }) =>
      guide === null || guide.channel === guideChannel ? [] : [guide.channel],
    )
    const asked = [...new Set(others.slice(0, 2)), guideChannel, 'no such channel']
    const window = { from: now, to: now + DAY_MS }
    const seen: string[] = []
    for await (const batch of driver.guide(asked, window, patience())) {
      seen.push(batch.channel)
      assert.deepEqual([batch.from, batch.to], [window.from, window.to])
      if (batch.channel === guideChannel) assert.ok(batch.programmes.length > 0)
      let last = -Infinity
      for (const programme of batch.programmes) {
        assert.ok(programme.start >= last, 'programmes are in order and do not overlap')
        assert.ok(programme.stop > programme.start)
        assert.ok(programme.start < window.to && programme.stop > window.from, 'programmes touch the window')
        assert.notEqual(programme.title, '')
        assert.doesNotMatch(JSON.stringify(programme), /\\u00[01][0-9a-f]|[\u007f-\u009f]|&(amp|lt|gt|quot|#x27);/) // eslint-disable-line no-control-regex -- must not be there
        last = programme.stop
      }
    }
    assert.deepEqual(
      seen,
      asked.filter((channel) => seen.includes(channel)),
    )
    assert.ok(seen.includes(guideChannel))
  })

  test(`${name}: guide() stops when it is no longer wanted`, async () => {
    await using subject = await open()
    const { guideChannel, driver, now } = subject
    await driver.catalogue(patience())
    const abort = new AbortController()
    const reason = new Error('no longer wanted')
    if (guideChannel === null) {
      abort.abort(reason)
      const walk = driver.guide(['no such channel'], { from: now, to: now + DAY_MS }, abort.signal)
      await Array.fromAsync(walk).catch((error: unknown) => assert.equal(error, reason))
      return
    }
    const walk = driver.guide([guideChannel, guideChannel, guideChannel], { from: now, to: now + DAY_MS }, abort.signal)
    await assert.rejects(
      async () => {
        for await (const batch of walk) if (batch.channel === guideChannel) abort.abort(reason)
      },
      (error) => error === reason,
    )
  })

  test(`${name}: logo() gives a picture or null`, async () => {
    await using subject = await open()
    const { items } = await subject.driver.catalogue(patience())
    for (const { item, hasLogo } of items.slice(0, 5)) {
      const bytes = await subject.driver.logo(item, patience())
      if (!hasLogo) assert.equal(bytes, null)
      if (bytes !== null) assert.ok(bytes.length > 0 && bytes.length <= 2 * 1024 * 1024)
    }
    assert.equal(await subject.driver.logo('no such item', patience()), null)
  })

  test(`${name}: open() delivers bytes over one connection until close(), which frees it`, async (t) => {
    await using subject = await open()
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.plays)
    const sink = createSink()
    const upstream = await subject.driver.open({ stream, sink, previous: null, signal: patience() })
    await eventually(() => sink.bytes() > 10_000, 'bytes arrive')
    assert.equal(subject.openStreams(), 1)
    assert.ok(upstream.clearWithinMs > 0)

    upstream.close()
    const received = sink.bytes()
    upstream.close()
    await eventually(() => subject.openStreams() === 0, 'the connection is gone')
    assert.equal(sink.bytes(), received, 'nothing comes after close()')
    assert.deepEqual(sink.ends(), [], 'end() is for the other side')
  })

  test(`${name}: open() tells once why the other side ended`, async (t) => {
    await using subject = await open()
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.plays)
    const sink = createSink()
    const upstream = await subject.driver.open({ stream, sink, previous: null, signal: patience() })
    await eventually(() => sink.bytes() > 0, 'bytes arrive')
    subject.endStreams()
    await eventually(() => sink.ends().length > 0, 'the end is told')
    upstream.close()
    assert.equal(sink.ends().length, 1)
    isNamed(sink.ends()[0], /^live\/(ended|kicked)$/)
  })

  test(`${name}: open() fails with a reason when the source refuses, and leaves nothing behind`, async (t) => {
    await using subject = await open()
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.refuses)
    const sink = createSink()
    await assert.rejects(subject.driver.open({ stream, sink, previous: null, signal: patience() }), (error) =>
      isNamed(error, /^(live\/(refused|no-slot|no-signal|silent|wrong-service|not-mpeg-ts)|source\/.+)$/),
    )
    await eventually(() => subject.openStreams() === 0, 'the connection is gone')
    assert.deepEqual([sink.bytes(), sink.ends().length], [0, 0])
  })

  test(`${name}: open() lets go of a silent source at once when it is no longer wanted`, async (t) => {
    await using subject = await open()
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.silent)
    const sink = createSink()
    const abort = new AbortController()
    const reason = new Error('no longer wanted')
    const opening = subject.driver.open({ stream, sink, previous: null, signal: abort.signal })
    opening.catch(() => {}) // looked at below
    await eventually(() => subject.openStreams() === 1, 'the connection stands')
    abort.abort(reason)
    await assert.rejects(opening, (error) => error === reason)
    await eventually(() => subject.openStreams() === 0, 'the connection is gone')
    assert.deepEqual([sink.bytes(), sink.ends().length], [0, 0])
  })

  test(`${name}: open() connects to nothing when it is not wanted from the start`, async (t) => {
    await using subject = await open()
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.plays)
    const reason = new Error('not wanted')
    const sink = createSink()
    await assert.rejects(
      subject.driver.open({ stream, sink, previous: null, signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    )
    assert.equal(subject.openStreams(), 0)
  })

  test(`${name}: tells no secret in catalogue, failures, notices and log`, async () => {
    await using subject = await open()
    const { driver } = subject
    const told = [JSON.stringify(await driver.catalogue(patience()))]
    if (subject.skipStreams === false) {
      for (const item of [subject.plays, subject.refuses]) {
        const stream = await findStream(subject, item)
        try {
          const upstream = await driver.open({ stream, sink: createSink(), previous: null, signal: patience() })
          upstream.close()
        } catch (error) {
          told.push(error instanceof Failure ? `${error.message} ${JSON.stringify(error.facts)}` : String(error))
        }
      }
    }
    told.push(JSON.stringify(driver.notices()), subject.logged())
    for (const secret of subject.secrets) assert.ok(!told.join('\n').includes(secret), 'a secret was told')
  })

  test(`${name}: disposing closes streams, refuses further work, and may happen twice`, async (t) => {
    await using subject = await open()
    const { driver } = subject
    if (subject.skipStreams !== false) return t.skip(subject.skipStreams)
    const stream = await findStream(subject, subject.plays)
    await driver.open({ stream, sink: createSink(), previous: null, signal: patience() })
    await driver[Symbol.asyncDispose]()
    await driver[Symbol.asyncDispose]()
    await eventually(() => subject.openStreams() === 0, 'the connection is gone')
    await assert.rejects(driver.catalogue(patience()), (error) => isNamed(error, /./))
    await assert.rejects(driver.open({ stream, sink: createSink(), previous: null, signal: patience() }), (error) =>
      isNamed(error, /./),
    )
    assert.equal(subject.openStreams(), 0)
  })
}

/** A sink that counts. */
export function createSink(): UpstreamSink & { bytes(): number; ends(): readonly Failure[] } {
  let bytes = 0
  const ends: Failure[] = []
  return {
    data: (chunk) => void (bytes += chunk.length),
    end: (failure) => void ends.push(failure),
    bytes: () => bytes,
    ends: () => ends,
  }
}

/** The stream that the line-up would make of an item. */
export const toStream = (driver: Pick<SourceDriver, 'id'>, item: CatalogueItem): Stream => ({
  ...item,
  id: streamId(driver.id, item.item),
  sourceId: driver.id,
})

async function findStream({ driver }: SourceSubject, key: string): Promise<Stream> {
  const { items } = await driver.catalogue(AbortSignal.timeout(PATIENCE_MS))
  const item = items.find((one) => one.item === key)
  assert.ok(item, `"${key}" should be listed`)
  return toStream(driver, item)
}

/** Resolves once the claim holds; rejects after some seconds. */
export async function eventually(claim: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!claim()) {
    assert.ok(Date.now() < deadline, `never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
