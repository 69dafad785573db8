import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { StreamStatus } from '../../core/live/hub.ts'
import {
  ChannelDetailAnswer,
  ChannelsAnswer,
  GroupsAnswer,
  NewTokenAnswer,
  SessionAnswer,
  StatusAnswer,
  TokensAnswer,
} from '../../ui/src/api/answers.ts'
import { channelsPath } from '../../ui/src/lineup/channel-pages.ts'
import { problemOf } from '../../ui/src/api/problem.ts'
import { ADMIN, STRANGER, cookieOf, fakeChannel, fakeHouse } from '../fakes/gateway.ts'

// The pages read what the gateway really answers: a change on one side shows here.

const streams: readonly StreamStatus[] = [
  {
    channelId: fakeChannel(2).id,
    channelName: 'Channel 2',
    sourceId: sourceId('receiver'),
    streamId: streamId(sourceId('receiver'), 'item'),
    state: 'live',
    startedAt: Date.UTC(2026, 0, 1),
    bytesIn: 1,
    bytesOut: 2,
    bitrateKbps: 3,
    continuityErrors: 0,
    clockJitterMs: 4,
    bufferedMs: 0,
    firstByteMs: 120,
    firstPictureMs: 480,
    slate: null,
    switchCount: 0,
    switches: [],
    program: {
      programNumber: 2,
      version: 1,
      pmtPid: 256,
      pcrPid: 257,
      streams: [
        { pid: 257, kind: 'video', codec: 'mpeg2video', streamType: 2, language: null, descriptors: new Uint8Array() },
      ],
    },
    viewers: [{ id: 'v1', mode: 'hls', user: null, address: '127.0.0.1', bytesOut: 2 }],
  },
]

async function answerOf<const Schema extends v.GenericSchema>(
  schema: Schema,
  response: Response | Promise<Response>,
): Promise<v.InferOutput<Schema>> {
  const answer = await response
  assert.ok(answer.ok, `${answer.status}`)
  return v.parse(schema, await answer.json())
}

test('SessionAnswer reads who calls', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const anonymous = await answerOf(SessionAnswer, house.get('/api/v1/session'))
  assert.deepEqual([anonymous.user, anonymous.mayWatch, anonymous.setupNeeded], [null, true, false])
  const stranger = await answerOf(SessionAnswer, house.get('/api/v1/session', STRANGER))
  assert.equal(stranger.mayWatch, false)
  const signedIn = await answerOf(SessionAnswer, house.get('/api/v1/session', await cookieOf(house, 'Jo')))
  assert.deepEqual([signedIn.user, signedIn.role], ['Jo', 'admin'])
})

test('SessionAnswer says when the house has no owner', async () => {
  const { setupNeeded } = await answerOf(SessionAnswer, fakeHouse().get('/api/v1/session'))
  assert.equal(setupNeeded, true)
})

test('ChannelsAnswer reads a page of channels with what is on', async () => {
  const house = fakeHouse({
    programmes: () => {
      const at = Date.UTC(2026, 10, 21, 20, 15)
      const plain = { subtitle: null, description: null, categories: [], season: null, episode: null, repeat: false }
      return [
        { ...plain, start: at, stop: at + 3_600_000, title: 'Film' },
        { ...plain, start: at + 3_600_000, stop: at + 7_200_000, title: 'News' },
      ]
    },
  })
  const answer = await answerOf(ChannelsAnswer, house.get(channelsPath({ q: 'channel', group: 'All' }, 1, 60)))
  assert.deepEqual([answer.total, answer.items.map(({ id }) => id)], [2, ['c2']])
  assert.deepEqual([answer.items[0]?.now?.title, answer.items[0]?.next?.title], ['Film', 'News'])
  assert.equal(answer.items[0]?.now?.start, Date.UTC(2026, 10, 21, 20, 15))
})

test('ChannelDetailAnswer reads place and codecs of a running channel', async () => {
  const { position, program } = await answerOf(ChannelDetailAnswer, fakeHouse({ streams }).get('/api/v1/channels/c2'))
  assert.equal(position, 1)
  assert.deepEqual(program?.streams, [{ kind: 'video', codec: 'mpeg2video', language: null }])
})

test('GroupsAnswer reads the groups', async () => {
  assert.deepEqual(await answerOf(GroupsAnswer, fakeHouse().get('/api/v1/groups')), {
    items: [{ name: 'All', channels: 2 }],
  })
})

test('TokensAnswer and NewTokenAnswer read viewing links', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const cookie = await cookieOf(house, 'Jo')
  const made = await answerOf(NewTokenAnswer, house.send('POST', '/api/v1/tokens', { name: 'Kitchen' }, cookie))
  const { items } = await answerOf(TokensAnswer, house.get('/api/v1/tokens', cookie))
  const mine = items.find(({ id }) => id === made.id)
  assert.deepEqual([mine?.name, mine?.kind, mine?.lastSeen], ['Kitchen', 'viewing', null])
})

test('StatusAnswer reads sources with their problems, and streams', async () => {
  const problem = new Failure('source/login', 'Cannot read the receiver: it refuses the password')
  const house = fakeHouse({
    streams,
    sources: [
      {
        id: sourceId('receiver'),
        kind: 'enigma2',
        name: 'Receiver',
        state: 'failing',
        slots: { total: 4, used: 1 },
        channels: 2,
        lastRefresh: null,
        problem,
        answered: true,
      },
    ],
  })
  const status = await answerOf(StatusAnswer, house.get('/api/status'))
  assert.equal(status.streams?.[0]?.viewers[0]?.mode, 'hls')
  assert.equal(status.sources?.[0]?.problem?.code, 'source/login')
  assert.equal(status.sources[0].problem.advice, problem.kind.advice)
})

test('problemOf() reads a refused sign-in', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const problem = await problemOf(await house.send('POST', '/api/v1/session', { name: 'Jo', password: 'wrong' }))
  assert.deepEqual([problem.status, problem.code], [401, 'access/wrong-password'])
})
