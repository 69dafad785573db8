import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { until } from '../runtime/program.ts'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'
import { KODI, KODI_ADDONS, playForAWhile, startKodi } from './harness/kodi.ts'
import type { Kodi, KodiChannel } from './harness/kodi.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// Kodi's tuner add-on finds the house by broadcast alone. Loopback has none: a pair of network cards that lead to each other.

const ADDON = join(KODI_ADDONS, 'pvr.hdhomerun')
const skip = noPortsOfTheSystem() || absent('Xvfb', 'pulseaudio', KODI, ADDON)
const ADDRESS = '10.99.0.1'
const CARDS = [
  ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'],
  ['link', 'set', 'v1', 'up'],
  ['addr', 'add', `${ADDRESS}/24`, 'brd', '+', 'dev', 'v0'],
  ['link', 'set', 'v0', 'up'],
]

describe('Kodi with the HDHomeRun add-on', { skip }, () => {
  const stack = new AsyncDisposableStack()
  let house: ClientHouse
  let kodi: Kodi
  before(async () => {
    for (const words of CARDS) assert.equal((await runClient('ip', words)).stderr, '')
    const config = { hdhr: { discovery: 'auto' }, access: { anonymous: 'lan' } }
    house = stack.use(await startClientHouse({ listen: ':80,:18080', panel: false, config }))
    kodi = stack.use(await startKodi({ folder: house.folder, addons: ['pvr.hdhomerun'] }))
  })
  after(() => stack.disposeAsync())

  test(
    'hdhomerun_config finds the house by broadcast and speaks to it by its id',
    { skip: absent('hdhomerun_config') },
    async () => {
      const { DeviceID: id } = (await house.program.ask('/discover.json')).json() as { DeviceID: string }
      const found = await runClient('hdhomerun_config', ['discover'])
      assert.equal(found.stdout.trim(), `hdhomerun device ${id} found at ${ADDRESS}`)
      const model = await runClient('hdhomerun_config', [id, 'get', '/sys/model'])
      assert.deepEqual([model.code, model.stdout.trim()], [0, 'hdhomerun5_dvbt'])
    },
  )

  test('it finds the house, has its channels, plays one and lets the tuner go', async () => {
    const listed = async (): Promise<readonly KodiChannel[] | null> => {
      try {
        const asked = { channelgroupid: 'alltv', properties: ['channelnumber'] }
        return (await kodi.ask<{ channels: readonly KodiChannel[] }>('PVR.GetChannels', asked)).channels
      } catch {
        return null // It has found nothing yet.
      }
    }
    const channels = await until('Kodi has found the house', listed, 40_000)
    assert.ok(channels.length >= 12, channels.map(({ label }) => label).join(', '))
    const channel = channels.find(({ label }) => label === 'Alpin 1 HD')
    const { videostreams, audiostreams } = await playForAWhile(kodi, { channelid: channel?.channelid })
    assert.deepEqual([videostreams[0]?.codec, audiostreams[0]?.codec], ['h264', 'ac3'])
    await house.nothingLeft()
  })
})
