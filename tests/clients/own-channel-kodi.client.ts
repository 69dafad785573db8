import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { clip } from '../clips/make.ts'
import type { ClipName } from '../clips/make.ts'
import { startBrowser } from '../e2e/pages.ts'
import { findFfmpeg } from '../fakes/receiver/index.ts'
import { startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'
import { absent } from './harness/absent.ts'
import { asNobody, runClient } from './harness/client-run.ts'
import { KODI, startKodi } from './harness/kodi.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// Programmes of six seconds and of different codecs, sizes and rates: who plays for half a minute has crossed four seams.

const CLIPS: readonly ClipName[] = ['A', 'B', 'C', 'D', 'E']
const WATCH_SECONDS = 30
/** What a player may lose at its start, and while the machine is busy; a seam that is one costs it a programme. */
const LEAST_PLAYED = WATCH_SECONDS - 10

describe('a channel of one’s own, across its seams', { skip: absent('ffmpeg') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dl-own-'))
  let house: Program
  let address: (ending: '.ts' | '.m3u8') => string
  before(async () => {
    const ffmpeg = findFfmpeg()
    assert.ok(ffmpeg !== null)
    mkdirSync(join(folder, 'films/Films'), { recursive: true })
    chmodSync(folder, 0o777)
    for (const name of CLIPS) {
      const { path } = clip(ffmpeg, name)
      copyFileSync(path, join(folder, 'films/Films', `Clip ${name} (2001)${path.slice(path.lastIndexOf('.'))}`))
    }
    const channel = {
      id: 'own',
      name: 'Own',
      number: '1',
      anchorDay: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10),
      house: { width: 640, height: 360, videoKbps: 1000 },
      pools: [{ id: 'all', query: { state: 'playable' }, mode: 'sequence' }],
    }
    const source = { id: 'films', kind: 'media', path: join(folder, 'films'), channels: [channel] }
    house = await startProgram({ config: { hdhr: { discovery: 'off' }, sources: [source] } })
    await house.line('library-scanned')
    await until('the channel is listed', async () => (await house.ask('/playlist.m3u')).text.includes('Own'))
    address = (ending) => `${house.url}/live/1${ending}`
    // The machine looks into the new files once.
    await sleep(5000)
  })
  after(async () => {
    await house[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const ending of ['.ts', '.m3u8'] as const) {
    test(`FFmpeg decodes ${ending} without a word`, async () => {
      const words = ['-v', 'warning', '-i', address(ending), '-t', String(WATCH_SECONDS), '-f', 'null', '-']
      const { code, stderr } = await runClient('ffmpeg', words)
      assert.deepEqual([code, stderr], [0, ''])
    })

    test(`VLC plays ${ending}`, { skip: absent('cvlc') }, async () => {
      const player = ['--intf', 'dummy', '--vout', 'dummy', '--aout', 'dummy', '--no-color', '-vv']
      const words = [...player, `--run-time=${WATCH_SECONDS}`, '--play-and-exit', address(ending), 'vlc://quit']
      const { code, stdout, stderr } = await runClient(...asNobody('cvlc', words), { env: { HOME: folder } })
      const said = stdout + stderr
      assert.equal(code, 0, said.slice(-2000))
      assert.match(said, /Received first picture|Decoder buffering done/)
      const complaints = said.match(
        /.*(?:discontinuity received|Timestamp conversion failed|lost packet|PCR is called too late).*/g,
      )
      assert.deepEqual(complaints ?? [], [])
    })
  }

  test('Chromium shows HLS, and its sound goes on', { skip: absent('/usr/bin/chromium') }, async () => {
    const browser: Browser = await startBrowser(true)
    try {
      const page = await browser.newPage()
      await page.goto(`${house.url}/player/any/c1`)
      const look = () =>
        page.evaluate(() => {
          const video = document.querySelector('video') as
            | (HTMLVideoElement & { webkitAudioDecodedByteCount: number })
            | null
          return { seconds: video?.currentTime ?? 0, soundBytes: video?.webkitAudioDecodedByteCount ?? 0 }
        })
      await until('it plays', async () => (await look()).soundBytes > 0, 30_000)
      const start = await look()
      await sleep(WATCH_SECONDS * 1000)
      const end = await look()
      assert.ok(end.seconds - start.seconds > LEAST_PLAYED, `${start.seconds} → ${end.seconds}`)
      assert.ok(end.soundBytes > start.soundBytes * 2, `${start.soundBytes} → ${end.soundBytes}`)
    } finally {
      await browser.close()
    }
  })

  test('Kodi plays TS and HLS', { skip: noPortsOfTheSystem() || absent('Xvfb', 'pulseaudio', KODI) }, async () => {
    await using kodi = await startKodi({ folder, addons: [] })
    type Time = {
      readonly hours: number
      readonly minutes: number
      readonly seconds: number
      readonly milliseconds: number
    }
    type Player = { readonly playerid: number }
    const playing = async (): Promise<Player | null> =>
      (await kodi.ask<readonly Player[]>('Player.GetActivePlayers'))[0] ?? null
    const secondsIn = async ({ playerid }: Player): Promise<number> => {
      const { time } = await kodi.ask<{ time: Time }>('Player.GetProperties', { playerid, properties: ['time'] })
      return (time.hours * 60 + time.minutes) * 60 + time.seconds + time.milliseconds / 1000
    }
    for (const ending of ['.ts', '.m3u8'] as const) {
      await kodi.ask('Player.Open', { item: { file: address(ending) } })
      const player = await until('Kodi plays', playing, 40_000)
      await until('Kodi shows it', async () => (await secondsIn(player)) > 0, 40_000)
      const start = await secondsIn(player)
      await sleep(WATCH_SECONDS * 1000)
      assert.ok((await playing()) !== null, `Kodi has stopped ${ending} by itself`)
      const played = (await secondsIn(player)) - start
      assert.ok(played > LEAST_PLAYED, `${ending}: ${played} s of ${WATCH_SECONDS}`)
      await kodi.ask('Player.Stop', { playerid: player.playerid })
      await until('Kodi has stopped', async () => (await playing()) === null)
    }
  })
})
