import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'

// FFmpeg as most televisions, Plex and Kodi use it: it plays, and has nothing to say.

const HOUR_SECONDS = 3600

describe('FFmpeg', { skip: absent('ffmpeg', 'ffprobe') }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse()
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  /** Codecs of all streams, as FFmpeg names them. */
  async function codecs(url: string): Promise<readonly string[]> {
    const show = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', url]
    const { stdout, stderr, code } = await runClient('ffprobe', show)
    assert.deepEqual([stderr, code], ['', 0], url)
    return [
      ...new Set(
        stdout
          .split('\n')
          .map((line) => line.replace(/,$/, ''))
          .filter((line) => line !== '' && line !== 'unknown'),
      ),
    ]
  }

  /** Plays seconds of picture and sound; gives the pictures and the seconds of sound, and what FFmpeg said. */
  async function play(url: string, seconds: number, before: readonly string[] = []) {
    const input = ['-nostdin', '-v', 'level+error', ...before, '-i', url]
    const part = ['-map', '0:v:0', '-map', '0:a:0', '-t', String(seconds)]
    const frames = ['-f', 'framecrc', '-c:v', 'rawvideo', '-c:a', 'pcm_s16le', '-ar', '48000', '-']
    const { stdout, stderr, code } = await runClient('ffmpeg', [...input, ...part, ...frames])
    assert.equal(code, 0, stderr)
    const rows = stdout.split('\n').map((line) => line.split(',').map((cell) => cell.trim()))
    const of = (stream: string) => rows.filter(([first]) => first === stream)
    const samples = of('1').reduce((sum, row) => sum + Number(row[3]), 0)
    return { pictures: of('0').length, soundSeconds: samples / 48_000, said: stderr }
  }

  /** Asserts that the whole time was picture and sound, without a complaint. */
  async function plays(url: string, rate: number): Promise<void> {
    const seconds = 3
    const { pictures, soundSeconds, said } = await play(url, seconds)
    assert.equal(said, '')
    assert.ok(pictures >= rate * seconds * 0.9, `${pictures} pictures`)
    assert.ok(soundSeconds >= seconds * 0.9, `${soundSeconds} s of sound`)
  }

  for (const [name, expected] of [
    ['Alpin 1 HD', ['h264', 'ac3', 'mp2', 'dvb_teletext', 'dvb_subtitle']],
    ['Nordlicht HD', ['h264', 'mp2', 'ac3', 'dvb_teletext']],
    ['Alpin Info', ['h264', 'aac']],
    ['Natur UHD', ['hevc', 'ac3']],
    ['Retro Kanal', ['mpeg2video', 'mp2']],
    ['Radio Donau', ['mp2']],
  ] as const)
    test(`sees the codecs of ${name}`, async () => {
      assert.deepEqual(await codecs(house.live(name)), expected)
    })

  for (const { what, name, ending, rate } of [
    { what: 'raw TS', name: 'Alpin 1 HD', ending: '.ts', rate: 50 },
    { what: 'raw TS through the relay', name: 'Kino Plus HD', ending: '.ts', rate: 25 },
    { what: 'raw TS with AAC', name: 'Alpin 1 HD', ending: '.ts?audio=aac', rate: 50 },
    { what: 'HLS', name: 'Alpin 1 HD', ending: '.m3u8', rate: 50 },
    { what: 'HLS, instant', name: 'Nordlicht HD', ending: '.m3u8?delivery=instant', rate: 25 },
    { what: 'HLS, low latency', name: 'Alpin 1 HD', ending: '.m3u8?delivery=ll', rate: 50 },
    { what: 'HLS of HEVC, low latency', name: 'Natur UHD', ending: '.m3u8?delivery=ll', rate: 25 },
    { what: 'HLS with the sound as it is sent', name: 'Alpin 1 HD', ending: '.m3u8?audio=original', rate: 50 },
    { what: 'a converted picture', name: 'Retro Kanal', ending: '.m3u8?quality=480p', rate: 25 },
    { what: 'a channel of the panel', name: 'Panorama', ending: '.ts', rate: 25 },
  ])
    test(`plays ${what}`, () => plays(house.live(name, ending), rate))

  test('plays a programme that is over', async () => {
    const list = (await house.program.ask('/playlist.m3u')).text
    const template = new RegExp(`catchup-source="([^"]+/${house.channel('Panorama')}\\.ts[^"]*)"`).exec(list)?.[1] ?? ''
    const start = Math.floor(Date.now() / 60_000) * 60 - 2 * HOUR_SECONDS
    const url = template.replace('{utc}', String(start)).replace('{utcend}', String(start + HOUR_SECONDS / 4))
    await plays(url, 25)
  })

  test('plays a film, and from the middle of it', async () => {
    const list = (await house.program.ask('/playlist.m3u?type=vod')).text
    const film = /,Die lange Reise.*\n(\S+)/.exec(list)?.[1] ?? ''
    await plays(film, 25)
    // It jumps into the middle of a GOP, and its decoder says so; the network and the demuxer have nothing to say.
    const { pictures, soundSeconds, said } = await play(film, 3, ['-ss', '20'])
    assert.ok(pictures > 60 && soundSeconds > 2.7, `${pictures} pictures, ${soundSeconds} s of sound`)
    assert.doesNotMatch(said, /^\[(?!h264)/m)
  })
})
