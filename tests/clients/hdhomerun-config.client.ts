import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'
import type { ClientEnd } from './harness/client-run.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// The vendor's own command line, over UDP and TCP 65001 and RTP. It finds us because port 80 is ours.

const skip = noPortsOfTheSystem() || absent('hdhomerun_config', 'ffprobe')

describe('hdhomerun_config', { skip }, () => {
  let house: ClientHouse
  let id: string
  before(async () => {
    house = await startClientHouse({ listen: ':80,:18080', panel: false, config: { hdhr: { discovery: 'auto' } } })
    id = ((await house.program.ask('/discover.json')).json() as { DeviceID: string }).DeviceID
  })
  afterEach(() => house.nothingLeft())
  after(() => house[Symbol.asyncDispose]())

  const ask = (...words: readonly string[]): Promise<ClientEnd> =>
    runClient('hdhomerun_config', ['127.0.0.1', ...words])
  const get = async (name: string): Promise<string> => {
    const { code, stdout, stderr } = await ask('get', name)
    assert.deepEqual([code, stderr], [0, ''], name)
    return stdout.trim()
  }

  test('finds the device, and knows it by its id', async () => {
    const found = await runClient('hdhomerun_config', ['discover', '127.0.0.1'])
    assert.deepEqual([found.code, found.stdout.trim()], [0, `hdhomerun device ${id} found at 127.0.0.1`])
  })

  test('reads what the device is', async () => {
    assert.equal(await get('/sys/model'), 'hdhomerun5_dvbt')
    assert.equal(await get('/sys/hwmodel'), 'HDHR5-4DT')
    assert.match(await get('/sys/version'), /^\d{8}$/)
    assert.match(await get('help'), /^Supported configuration options:/)
    for (const tuner of [0, 1, 2, 3]) assert.match(await get(`/tuner${tuner}/status`), /^ch=none lock=none ss=0 /)
  })

  test('is told that a tuner or a variable is not there', async () => {
    for (const name of ['/tuner9/status', '/nope']) {
      const { code, stdout, stderr } = await ask('get', name)
      assert.deepEqual([code, (stdout + stderr).trim()], [1, 'ERROR: unknown getset variable'])
    }
  })

  test('keeps what is set', async () => {
    assert.equal((await ask('set', '/tuner0/vchannel', '1')).code, 0)
    assert.equal(await get('/tuner0/vchannel'), '1')
    assert.equal((await ask('set', '/tuner0/vchannel', 'none')).code, 0)
    assert.equal(await get('/tuner0/vchannel'), 'none')
  })

  test('saves a channel over RTP without an error, and lets the tuner go', async () => {
    assert.equal((await ask('set', '/tuner0/vchannel', '1')).code, 0)
    const file = join(house.folder, 'saved.ts')
    const { stderr, stdout } = await runClient('hdhomerun_config', ['127.0.0.1', 'save', '/tuner0', file], {
      interruptAfterMs: 6000,
    })
    const said =
      /(\d+) packets received, (\d+) overflow errors, (\d+) network errors, (\d+) transport errors, (\d+) sequence errors/
    const [, packets, ...errors] = said.exec(stdout + stderr) ?? []
    assert.ok(Number(packets) > 300, stdout + stderr)
    assert.deepEqual(errors, ['0', '0', '0', '0'])
    const probe = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file]
    const codecs = (await runClient('ffprobe', probe)).stdout.trim().split('\n')
    assert.deepEqual(codecs.slice(0, 4), ['h264', 'ac3', 'mp2', 'mp2'])
    assert.equal(await get('/tuner0/target'), 'none')
  })

  test('scans to the end', async () => {
    const { stdout } = await runClient('hdhomerun_config', ['127.0.0.1', 'scan', '/tuner0'], { interruptAfterMs: 4000 })
    assert.match(stdout, /^SCANNING: /m)
    assert.match(stdout, /^LOCK: none \(ss=0 /m)
  })
})
