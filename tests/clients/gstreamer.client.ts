import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'

// GStreamer has a demuxer of its own, and is strict about tables, clocks and descriptors.

describe('GStreamer', { skip: absent('gst-discoverer-1.0', 'gst-launch-1.0') }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse()
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  for (const { name, ending, found } of [
    { name: 'Alpin 1 HD', ending: '.ts', found: ['MPEG-2 Transport Stream', 'H.264', 'AC-3', 'MPEG-1 Layer 2'] },
    { name: 'Alpin Info', ending: '.ts', found: ['MPEG-2 Transport Stream', 'H.264', 'MPEG-4 AAC'] },
    { name: 'Natur UHD', ending: '.ts', found: ['MPEG-2 Transport Stream', 'H.265', 'AC-3'] },
    { name: 'Alpin 1 HD', ending: '.m3u8', found: ['application/x-hls', 'H.264', 'MPEG-4 AAC'] },
    { name: 'Nordlicht HD', ending: '.m3u8', found: ['application/x-hls', 'H.264', 'MPEG-4 AAC'] },
    { name: 'Panorama', ending: '.m3u8', found: ['application/x-hls', 'H.264', 'MPEG-4 AAC'] },
  ])
    test(`finds what is in ${name} as ${ending}`, async () => {
      const { stdout, stderr, code } = await runClient('gst-discoverer-1.0', ['-t', '15', house.live(name, ending)])
      assert.equal(code, 0, stderr)
      for (const what of found) assert.ok(stdout.includes(what), `no ${what} in\n${stdout}${stderr}`)
    })

  for (const { what, name, ending, elements } of [
    { what: 'H.264 of raw TS', name: 'Alpin 1 HD', ending: '.ts', elements: 'tsdemux ! h264parse ! avdec_h264' },
    {
      what: 'MPEG-2 of raw TS',
      name: 'Retro Kanal',
      ending: '.ts',
      elements: 'tsdemux ! mpegvideoparse ! avdec_mpeg2video',
    },
    { what: 'AC-3 of raw TS', name: 'Sport Plus HD', ending: '.ts', elements: 'tsdemux ! ac3parse ! avdec_ac3' },
  ])
    test(`decodes ${what} without an error`, async () => {
      const words = ['-q', '-e', 'souphttpsrc', `location=${house.live(name, ending)}`, '!', ...elements.split(' ')]
      const { code, stdout, stderr } = await runClient('gst-launch-1.0', [
        ...words,
        '!',
        'identity',
        'eos-after=60',
        '!',
        'fakesink',
      ])
      assert.deepEqual([code, stdout + stderr], [0, ''])
    })
})
