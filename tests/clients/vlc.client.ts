import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { asNobody, runClient, startClient } from './harness/client-run.ts'
import { until } from '../runtime/program.ts'

// VLC, which refuses to run as root. It tells what it does with -vv alone.

const PLAYER = ['--intf', 'dummy', '--vout', 'dummy', '--aout', 'dummy', '--no-color', '-vv']

describe('VLC', { skip: absent('cvlc') }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse()
    chmodSync(house.folder, 0o777)
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })
  const words = (...args: readonly string[]) => asNobody('cvlc', [...PLAYER, ...args])
  const environment = () => ({ env: { HOME: house.folder } })

  for (const { what, name, ending, codecs } of [
    { what: 'raw TS', name: 'Alpin 1 HD', ending: '.ts', codecs: ['h264', 'a52'] },
    { what: 'raw TS of MPEG-2', name: 'Retro Kanal', ending: '.ts', codecs: ['mpgv', 'mpga'] },
    { what: 'HLS', name: 'Nordlicht HD', ending: '.m3u8', codecs: ['h264', 'mp4a'] },
    { what: 'a channel of the panel as HLS', name: 'Panorama', ending: '.m3u8', codecs: ['h264', 'mp4a'] },
  ])
    test(`plays ${what}`, async () => {
      const args = words('--run-time=3', '--play-and-exit', house.live(name, ending), 'vlc://quit')
      const { code, stdout, stderr } = await runClient(...args, environment())
      const said = stdout + stderr
      assert.equal(code, 0, said.slice(-2000))
      for (const codec of codecs) assert.match(said, new RegExp(codec), said.slice(-4000))
    })

  test('reads the playlist and begins with its first channel', async () => {
    await using player = startClient(...words(`${house.url}/playlist.m3u?client=vlc`), environment())
    await until('the first channel plays', () => /Decoder buffering done|Received first picture/.test(player.printed()))
    // The folder of the list, and its 16 channels.
    assert.match(player.printed(), /rebuild done - 16 items/)
  })
})
