import assert from 'node:assert/strict'
import { eventually, testSourceDriver } from '../../../conformance/source.ts'
import type { SourceSubject } from '../../../conformance/source.ts'
import type { PortalMode } from '../../../fakes/portal/index.ts'
import { mac } from './portal-house.ts'
import { socketHouse } from './portal-sockets.ts'

const subjectOf = (mode: PortalMode) => async (): Promise<SourceSubject> => {
  const house = await socketHouse({ mode })
  const { server, driver, lines } = house
  const { portal } = server
  portal.faults.set(104, { kind: 'link-error', error: 'nothing_to_play' })
  portal.faults.set(105, { kind: 'silent' })
  return {
    driver,
    plays: '101',
    refuses: '104',
    silent: '105',
    skipStreams: false,
    guideChannel: '101',
    now: Date.now(),
    secrets: [
      mac(1),
      mac(2),
      encodeURIComponent(mac(1)),
      '/ch/k',
      'play_token',
      '/play/k',
      '0000000100000001',
      'q9+/q9+/',
    ],
    logged: () => JSON.stringify(lines),
    openStreams: () => server.openStreams(),
    endStreams: () => portal.streams.endAll(),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await eventually(() => server.openStreams() === 0, 'all streams closed')
      assert.deepEqual(portal.observe().forbidden, [])
      await house[Symbol.asyncDispose]()
    },
  }
}

for (const mode of ['stock4', 'xc29', 'xui'] satisfies PortalMode[])
  testSourceDriver(`portal of kind ${mode}`, subjectOf(mode))
