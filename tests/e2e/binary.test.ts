import assert from 'node:assert/strict'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Receiver } from '../fakes/receiver/index.ts'
import { runBuild } from '../runtime/build.ts'
import { playHls } from '../runtime/hls-player.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import { addressesIn, newFolder, runToEnd, startProgram, until } from '../runtime/program.ts'
import type { Launcher } from '../runtime/program.ts'
import manifest from '../../package.json' with { type: 'json' }

describe('the single binary, alone in an empty folder', { skip: noFfmpeg() }, () => {
  const stack = new AsyncDisposableStack()
  let launcher: Launcher
  let receiver: Receiver
  before(async () => {
    const workshop = newFolder()
    const folder = newFolder()
    for (const path of [workshop, folder]) stack.defer(() => rmSync(path, { recursive: true, force: true }))
    await runBuild('binary', join(workshop, 'downlink'))
    // Moved, so that nothing of where it was built can help it.
    renameSync(join(workshop, 'downlink'), join(folder, 'downlink'))
    assert.deepEqual(readdirSync(folder), ['downlink'])
    launcher = { command: join(folder, 'downlink'), args: [] }
    receiver = stack.use(await startTestReceiver())
  })
  after(() => stack.disposeAsync())

  test('says its version', async () => {
    const ran = await runToEnd({ launcher, command: ['--version'], bare: true })
    assert.deepEqual(ran, { code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  test('shows its pages, lists channels and plays TS and HLS of a receiver', async () => {
    await using house = await startHouse(receiver, { launcher, waitForGuide: false })
    const page = await house.ask('/')
    assert.equal(page.status, 200)
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page.text) ?? []
    assert.equal((await house.ask(script)).status, 200)
    assert.equal(addressesIn((await house.ask('/playlist.m3u')).text).length, 14)
    using viewer = await house.open('/live/1.ts')
    assert.equal(viewer.status, 200)
    await viewer.read(188 * 50)
    // "Alpin 1 HD" has AC-3: what comes as AAC has been through FFmpeg.
    const address = `${house.url}/live/1.m3u8`
    await playHls(address, (await house.ask('/live/1.m3u8')).text, `${house.url}/hls/`)
    const { code } = await house.stop()
    assert.equal(code, 0)
  })

  test('shows the demo without any hardware', async () => {
    await using house = await startProgram({ launcher, command: ['demo'] })
    await until('the demo has channels', async () => addressesIn((await house.ask('/playlist.m3u')).text).length === 14)
    await until(
      'the first channel plays',
      async () => {
        // Its pictures are made while it starts.
        using viewer = await house.open('/live/1.ts')
        return viewer.status === 200 && (await viewer.read(188)).length >= 188
      },
      60_000,
    )
    assert.equal((await house.stop('SIGINT')).code, 0)
  })
})
