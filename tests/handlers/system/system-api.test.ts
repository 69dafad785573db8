import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { FINDING_NOTICES } from '../../../core/notices/findings.ts'
import { notice } from '../../../core/notices/notice.ts'
import type { SystemDesk } from '../../../core/system/system-desk.ts'
import { FindingAnswer, SettingAnswer, SystemAnswer } from '../../../handlers/openapi/answers/system.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'

const level = {
  key: 'log.level',
  value: 'info',
  default: 'info',
  origin: 'default',
  environment: 'DOWNLINK_LOG_LEVEL',
  option: 'log-level',
  shouldBe: 'a level',
  isLive: true,
} as const

const system: SystemDesk = {
  facts: async () => ({
    versions: { downlink: '1.2.3', runtime: 'test 1', sqlite: '3' },
    ffmpeg: { version: null, origin: null, encoder: null, encoders: [] },
    platform: { system: 'linux', architecture: 'x64', cores: 2, memory: 8 },
    process: { id: 1, memory: 2, startedAt: Date.UTC(2026, 10, 21, 20, 19) },
    role: 'all',
    dataDir: '/data',
    addresses: [],
    storage: { parts: [{ part: 'house', bytes: 1 }], free: 2, total: 3 },
  }),
  findings: async () => [
    {
      what: notice(FINDING_NOTICES, 'what/source', { name: 'A' }),
      well: false,
      detail: notice(FINDING_NOTICES, 'source/ill', { detail: 'http://tv.test/secret is away' }),
      advice: null,
    },
  ],
  settings: {
    list: () => [level],
    async change(key, value) {
      if (key !== 'log.level') throw new Failure('http/not-found', 'There is no such setting')
      return { ...level, value, origin: 'house' }
    },
  },
}

test('/system tells admins alone, in the shape that is documented', async () => {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { system } })
  const jo = await cookieOf(house, 'Jo')
  const anna = await cookieOf(house, 'Anna')
  const answer = await (await house.get('/api/v1/system', jo)).json()
  assert.deepEqual(v.parse(SystemAnswer, answer).process, {
    id: 1,
    memory: 2,
    startedAt: '2026-11-21T20:19:00.000Z',
    uptimeSeconds: 60,
  })
  const { items } = await (await house.get('/api/v1/system/findings', jo)).json()
  const { detail } = v.parse(FindingAnswer, items[0])
  assert.deepEqual([detail.text, detail.facts['detail']], ['… is away', '… is away'])
  for (const path of ['', '/findings', '/settings'])
    assert.equal((await house.get(`/api/v1/system${path}`, anna)).status, 403)
})

test('/system/settings/{key} changes a setting', async () => {
  const house = fakeHouse({ accounts: [ADMIN], gateway: { system } })
  const jo = await cookieOf(house, 'Jo')
  const changed = await house.send('PUT', '/api/v1/system/settings/log.level', { value: 'debug' }, jo)
  const answer = v.parse(SettingAnswer, await changed.json())
  assert.deepEqual([answer.value, answer.origin, answer.live], ['debug', 'house', true])
  assert.equal((await house.send('PUT', '/api/v1/system/settings/x', { value: 1 }, jo)).status, 404)
  assert.equal((await house.send('PUT', '/api/v1/system/settings/log.level', { value: [] }, jo)).status, 400)
})
