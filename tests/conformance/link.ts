import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../../core/access/caller.ts'
import { Failure } from '../../core/errors.ts'
import type { LiveLink, TsAnswer } from '../../core/live/link.ts'
import { QUALITIES } from '../../core/live/quality.ts'
import { collect } from '../fakes/adapter.ts'
import type { Visit } from '../fakes/adapter.ts'
import { fakeChannel } from '../fakes/gateway.ts'

/** A link to a source where `c1` shows text and `c2` has no free tuner (`tests/fakes/adapter.ts`). */
export type LinkUnderTest = {
  readonly link: LiveLink
  /** Who came to the source. */
  readonly visits: readonly Visit[]
  /** How a player follows a redirect. */
  readonly fetch: (url: string) => Promise<Response>
}

type Answer = TsAnswer | Awaited<ReturnType<LiveLink['hls']>>
type Outcome = {
  readonly status: number
  readonly code: string | null
  readonly text: string
  readonly location: string | null
}

/** What a viewer has in the end, whatever way the link took. */
async function outcome(asked: Promise<Answer>, fetch: LinkUnderTest['fetch']): Promise<Outcome> {
  const nothing = { code: null, text: '', location: null }
  try {
    const answer = await asked
    switch (answer.kind) {
      case 'relay':
        return { ...nothing, status: 200, text: new TextDecoder().decode(await collect(answer.join)) }
      case 'document':
        return {
          ...nothing,
          status: 200,
          text: typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body),
        }
      case 'moved':
        return { ...nothing, status: 302, location: answer.location }
      case 'file':
        return {
          ...nothing,
          status: answer.file.partial ? 206 : 200,
          text: await new Response(new Blob(await Array.fromAsync(answer.file.body, (chunk) => chunk.slice()))).text(),
        }
      case 'left':
        return { ...nothing, status: 204 }
      case 'redirect':
        return await read(await fetch(answer.location))
      case 'response':
        return await read(answer.response)
      default:
        return answer satisfies never
    }
  } catch (error) {
    if (error instanceof Failure) return { ...nothing, status: error.kind.status, code: error.code }
    throw error
  }
}

const read = async (response: Response): Promise<Outcome> => ({
  status: response.status,
  code: response.headers.get('x-downlink-error'),
  text: await response.text(),
  location: response.headers.get('location'),
})

const caller: Caller = {
  kind: 'token',
  user: 'Anna',
  role: 'viewer',
  address: '192.168.1.20',
  loopback: false,
  mayWatch: true,
  prefix: '/t/x',
}
const request = { channel: fakeChannel(1), caller, signal: new AbortController().signal }
const busy = { ...request, channel: fakeChannel(2) }
const hls = { ...request, path: '', query: new URLSearchParams() }

/** The laws of `LiveLink`, for every way to a channel's bytes. */
export function testLink(name: string, open: () => LinkUnderTest): void {
  for (const quality of QUALITIES) {
    test(`${name}: ts() leads to the channel in quality ${quality}`, async () => {
      const { link, fetch } = open()
      assert.deepEqual(await outcome(link.ts({ ...request, quality }), fetch), {
        status: 200,
        code: null,
        text: `${quality} of c1`,
        location: null,
      })
    })
  }

  test(`${name}: ts() tells the source who watches`, async () => {
    const { link, fetch, visits } = open()
    await outcome(link.ts({ ...request, quality: 'original' }), fetch)
    assert.deepEqual(
      visits.map(({ mode, user, channelId }) => ({ mode, user, channelId })),
      [{ mode: 'ts', user: 'Anna', channelId: 'c1' }],
    )
  })

  test(`${name}: ts() leads to where the viewer wants to be, behind the others`, async () => {
    const { link, fetch, visits } = open()
    await outcome(link.ts({ ...request, quality: 'audio', behindMs: 90_500 }), fetch)
    await outcome(link.ts({ ...request, quality: 'original' }), fetch)
    assert.deepEqual(
      visits.map(({ behindMs }) => behindMs),
      [90_500, 0],
    )
  })

  test(`${name}: ts() says that nothing is kept to go back to`, async () => {
    const { link, fetch, visits } = open()
    const asked = link.ts({ ...request, quality: 'radio', behindMs: 1000 })
    assert.deepEqual(await outcome(asked, fetch), { status: 501, code: 'live/no-time-shift', text: '', location: null })
    assert.deepEqual(visits, [])
  })

  test(`${name}: ts() and hls() say why a channel cannot be shown`, async () => {
    const { link, fetch } = open()
    const refusal = { status: 503, code: 'live/no-slot', text: '', location: null }
    assert.deepEqual(await outcome(link.ts({ ...busy, quality: 'original' }), fetch), refusal)
    assert.deepEqual(await outcome(link.hls({ ...busy, path: '', query: new URLSearchParams() }), fetch), refusal)
  })

  for (const { path, query, text } of [
    { path: '', query: '', text: 'hls "" "" of c1' },
    { path: '', query: 'audio=aac&delivery=instant', text: 'hls "" "audio=aac&delivery=instant" of c1' },
    { path: 'v7/12.ts', query: '', text: 'hls "v7/12.ts" "" of c1' },
  ]) {
    test(`${name}: hls() leads to "${path}?${query}"`, async () => {
      const { link, fetch } = open()
      assert.equal((await outcome(link.hls({ ...hls, path, query: new URLSearchParams(query) }), fetch)).text, text)
    })
  }

  test(`${name}: hls() hands a relative move on as it is`, async () => {
    const { link, fetch } = open()
    const { status, location } = await outcome(link.hls({ ...hls, path: 'video.m3u8' }), fetch)
    assert.deepEqual([status, location], [302, 'v7/video.m3u8'])
  })

  test(`${name}: hls() takes note of a player that leaves`, async () => {
    const { link, fetch } = open()
    assert.equal((await outcome(link.hls({ ...hls, path: 's1/v1/video.m3u8', leaves: true }), fetch)).status, 204)
  })
}
