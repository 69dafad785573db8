import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'

// mpv decodes picture and sound and times them against each other; warnings are what its user would see.

describe('mpv', { skip: absent('mpv') }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse()
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  const play = (url: string, ...more: readonly string[]) =>
    runClient('mpv', ['--no-config', '--vo=null', '--ao=null', '--length=3', '--msg-level=all=warn', ...more, url])

  for (const { what, name, ending } of [
    { what: 'raw TS', name: 'Alpin 1 HD', ending: '.ts' },
    { what: 'raw TS of MPEG-2', name: 'Retro Kanal', ending: '.ts' },
    { what: 'HLS', name: 'Alpin 1 HD', ending: '.m3u8' },
    { what: 'HLS, instant', name: 'Nordlicht HD', ending: '.m3u8?delivery=instant' },
    { what: 'a channel of the panel as HLS', name: 'Panorama', ending: '.m3u8' },
    { what: 'radio', name: 'Radio Donau', ending: '.ts' },
  ])
    test(`plays ${what} without a warning`, async () => {
      const { code, stdout, stderr } = await play(house.live(name, ending))
      assert.deepEqual([code, stdout + stderr], [0, ''])
    })

  test('reads the playlist and plays from it', async () => {
    const told = '--term-playing-msg=${media-title}|${playlist-count}|${audio-codec-name}'
    const list = (await house.program.ask('/playlist.m3u?client=vlc')).text
    const names = [...list.matchAll(/^#EXTINF.*,(.*)$/gm)].map(([, name]) => name)
    const { code, stdout, stderr } = await play(
      `${house.url}/playlist.m3u?client=vlc`,
      `--playlist-start=${names.indexOf('Klassik Welle')}`,
      '--msg-level=cplayer=info',
      told,
    )
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^Klassik Welle\|16\|mp[23]/m)
  })
})
