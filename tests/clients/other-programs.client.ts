import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// Programs that look at one thing each: an HLS reader in Python, an analyser of files, and a control point of UPnP.

describe('programs that look at one thing', { skip: noPortsOfTheSystem() }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse({ listen: ':80,:18080', config: { hdhr: { discovery: 'auto' } } })
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  test('streamlink reads HLS', { skip: absent('streamlink') }, async () => {
    const args = ['--hls-duration', '4', '-O', house.live('Alpin 1 HD', '.m3u8'), 'best']
    const { stdoutBytes, stdout, stderr } = await runClient('streamlink', args)
    assert.ok(stdoutBytes > 100_000, stderr)
    assert.equal(stdout.charCodeAt(0), 0x47)
  })

  test('mediainfo sees service, tracks and languages', { skip: absent('mediainfo', 'curl') }, async () => {
    const file = join(house.folder, 'some.ts')
    await runClient('curl', ['-s', '-m', '4', '-o', file, house.live('Alpin 1 HD')])
    const { stdout } = await runClient('mediainfo', ['--Output=JSON', file])
    const { media } = JSON.parse(stdout) as { media: { track: readonly Readonly<Record<string, string>>[] } }
    const tracks = media.track.map((track) => [track['@type'], track['Format'], track['Language']])
    for (const track of [
      ['Video', 'AVC', undefined],
      ['Audio', 'AC-3', 'de'],
      ['Audio', 'MPEG Audio', 'en'],
    ])
      assert.ok(
        tracks.some((one) => one.join() === track.join()),
        JSON.stringify(tracks),
      )
  })

  test('gssdp-discover finds the device', { skip: absent('gssdp-discover') }, async () => {
    const { stdout, stderr } = await runClient('gssdp-discover', [
      '-i',
      'lo',
      '--timeout=4',
      '--target=upnp:rootdevice',
    ])
    assert.match(stdout, /resource available/, stderr)
    assert.match(stdout, /USN: +uuid:[0-9a-f-]{36}::upnp:rootdevice/)
    assert.match(stdout, /Location: http:\/\/127\.0\.0\.1(:80)?\/device\.xml/)
  })
})
