import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startPortal } from '../fakes/portal/index.ts'
import { demoProviderPortal } from '../fakes/providers/programme.ts'
import { newFolder, until } from '../runtime/program.ts'
import { absent } from './harness/absent.ts'
import { KODI, KODI_ADDONS, startKodi } from './harness/kodi.ts'
import type { KodiBroadcast, KodiChannel } from './harness/kodi.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// The other way round: a client of Stalker portals that others wrote, against the simulated portal that all other tests trust.
// It does not play: Kodi opens streams in its own name, and this portal lets in boxes alone.

const skip = noPortsOfTheSystem() || absent('Xvfb', 'pulseaudio', KODI, join(KODI_ADDONS, 'pvr.stalker'))
const MAC = '00:1A:79:DE:30:01'

test("Kodi's client of Stalker reads channels, links and guide of our simulated portal", { skip }, async () => {
  await using stack = new AsyncDisposableStack()
  const folder = newFolder()
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const boxes = [{ mac: MAC, maxConnections: 1 }]
  const silence = (): (() => void) => () => {}
  const portal = stack.use(await startPortal({ mode: 'stock4', model: demoProviderPortal, boxes, air: silence }))
  const settings = { 'pvr.stalker': { mac_0: MAC, server_0: portal.url, time_zone_0: 'Europe/Vienna' } }
  const kodi = stack.use(await startKodi({ folder, addons: ['pvr.stalker'], settings }))

  const listed = async (): Promise<readonly KodiChannel[] | null> => {
    try {
      const asked = { channelgroupid: 'alltv', properties: ['channelnumber'] }
      const { channels } = await kodi.ask<{ channels: readonly KodiChannel[] }>('PVR.GetChannels', asked)
      return channels.length > 0 ? channels : null
    } catch {
      return null // It has read nothing yet.
    }
  }
  const channels = await until('Kodi has channels', listed, 40_000)
  assert.deepEqual(
    channels.map(({ label }) => label).toSorted(),
    demoProviderPortal.channels.map(({ name }) => name).toSorted(),
  )

  const [first] = channels
  const asked = { channelid: first?.channelid, properties: ['title', 'starttime'] }
  const guide = async (): Promise<readonly KodiBroadcast[] | null> => {
    const { broadcasts = [] } = await kodi.ask<{ broadcasts?: readonly KodiBroadcast[] }>('PVR.GetBroadcasts', asked)
    return broadcasts.length > 0 ? broadcasts : null
  }
  const [broadcast] = await until('Kodi has the guide', guide, 40_000)
  assert.ok(broadcast?.title.endsWith(`of ${first?.label}`), broadcast?.title)

  await kodi.ask('Player.Open', { item: { channelid: first?.channelid } })
  await until('it has asked for a link', () => (portal.portal.observe().calls['create_link'] ?? 0) > 0)
})
