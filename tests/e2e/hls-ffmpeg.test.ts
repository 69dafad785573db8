import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { demoModel, findFfmpeg } from '../fakes/receiver/index.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import type { Program } from '../runtime/program.ts'

// What every player that stands on FFmpeg sees (Kodi, mpv, many televisions): the whole house, a simulated receiver, and not one
// complaint of the decoder.

describe('HLS and raw TS in FFmpeg', { skip: noFfmpeg() }, () => {
  let receiver: Receiver
  let house: Program
  const ids = new Map<string, string>()
  before(async () => {
    receiver = await startTestReceiver({ model: demoModel({ clips: 'tiny', frontends: 4 }) })
    house = await startHouse(receiver, { waitForGuide: false })
    const list = await (await fetch(`${house.url}/playlist.m3u`)).text()
    for (const [, name = '', id = ''] of list.matchAll(/,([^,\n]+)\n\S+\/live\/(c\d+)\.ts/g)) ids.set(name, id)
  })
  after(async () => {
    await house.stop()
    await receiver[Symbol.asyncDispose]()
  })

  /** Plays so many seconds of two streams; gives what FFmpeg said and how much it decoded. */
  function decode(
    name: string,
    path: string,
    maps: readonly string[],
  ): Promise<{ said: string; frames: number; samples: number }> {
    const url = `${house.url}/live/${ids.get(name) ?? name}${path}`
    const args = ['-nostdin', '-v', 'level+error', '-i', url, ...maps.flatMap((map) => ['-map', map]), '-t', '5']
    // A line for each decoded picture, and for each piece of sound with its number of samples.
    const child = spawn(findFfmpeg() ?? 'ffmpeg', [
      ...args,
      '-f',
      'framecrc',
      '-c:v',
      'rawvideo',
      '-c:a',
      'pcm_s16le',
      '-',
    ])
    let said = ''
    let lines = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    child.stdout.on('data', (text: Buffer) => (lines += text.toString()))
    return new Promise((resolve) => {
      child.on('close', () => {
        const rows = lines.split('\n').filter((line) => /^\d+,/.test(line))
        const of = (stream: string): string[] => rows.filter((line) => line.startsWith(stream))
        const samples = of('1,').reduce((sum, line) => sum + Number(line.split(',')[3]), 0)
        resolve({ said, frames: of('0,').length, samples })
      })
    })
  }

  for (const { name, what, path, maps, framesPerSecond } of [
    { name: 'Alpin 1 HD', what: 'AAC made of AC-3', path: '.m3u8', maps: ['0:v:0', '0:a:0'], framesPerSecond: 50 },
    { name: 'Alpin 1 HD', what: 'the second language', path: '.m3u8', maps: ['0:v:0', '0:a:1'], framesPerSecond: 50 },
    {
      name: 'Alpin 1 HD',
      what: 'AC-3 as it is sent',
      path: '.m3u8?audio=original',
      maps: ['0:v:0', '0:a:0'],
      framesPerSecond: 50,
    },
    { name: 'Alpin Info', what: 'AAC as it is sent', path: '.m3u8', maps: ['0:v:0', '0:a:0'], framesPerSecond: 25 },
    { name: 'Retro Kanal', what: 'MPEG-2 with AAC', path: '.m3u8', maps: ['0:v:0', '0:a:0'], framesPerSecond: 25 },
    {
      name: 'Alpin 1 HD',
      what: 'raw TS with AAC',
      path: '.ts?audio=aac',
      maps: ['0:v:0', '0:a:0'],
      framesPerSecond: 50,
    },
  ])
    test(`plays ${what}`, async () => {
      const { said, frames, samples } = await decode(name, path, maps)
      assert.equal(said, '')
      assert.ok(frames >= framesPerSecond * 4.8, `${frames} pictures`)
      assert.ok(samples >= 48_000 * 4.7, `${samples} samples`)
    })

  test('plays radio', async () => {
    const { said, frames: pieces } = await decode('Radio Donau', '.m3u8', ['0:a:0'])
    assert.equal(said, '')
    assert.ok(pieces > 100)
  })
})
