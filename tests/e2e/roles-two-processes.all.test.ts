import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import { testFrontLeases } from '../runtime/front-leases-suite.ts'
import { KEYS, sign, testFront } from '../runtime/front-suite.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import { RUNTIME, startProgram } from '../runtime/program.ts'

testFront(`gateway and adapter as two processes on ${RUNTIME}`, (env) =>
  startProgram({ args: ['--role', 'gateway'], env }),
)

testFrontLeases(`leases of a gateway on ${RUNTIME}`, (env) => startProgram({ args: ['--role', 'gateway'], env }))

test(`a whole house takes signed links, and a stopped one is over on ${RUNTIME}`, { skip: noFfmpeg() }, async () => {
  const password = 'correct-horse-battery'
  await using receiver = await startTestReceiver()
  await using house = await startHouse(receiver, {
    env: { DOWNLINK_ADMIN_PASSWORD: password, DOWNLINK_LINK_KEYS: KEYS.old },
    waitForGuide: false,
  })
  const scope = { kind: 'channel', channelId: channelId(channelKey(1)), user: 'Anna' } as const
  const token = await sign(KEYS.old, scope, 60)
  using viewer = await house.open(`/s/${token}/live/c1.ts`)
  assert.equal(viewer.status, 200)
  await viewer.read(188)
  const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password } })
  const cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
  assert.equal((await house.ask('/api/v1/streams/c1', { method: 'DELETE', headers: { cookie } })).status, 204)
  await viewer.ended
  const again = await house.ask(`/s/${token}/live/c1.ts`)
  assert.deepEqual([again.status, again.headers['x-downlink-error']], [403, 'access/bad-link'])
})
