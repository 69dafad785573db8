import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { audioSidecarArgs } from '../adapters/ffmpeg/args.ts'
import { findFfmpeg } from '../tests/fakes/receiver/index.ts'
import { cpuSeconds, memoryMb } from './measure.ts'
import type { Figure } from './measure.ts'

const SECONDS = 60
/** What the relay hands out reaches the sidecar in pieces like this. */
const PIECE_MS = 100

/** A minute of AC-3 5.1 that sounds like television to an encoder: noise that swells, and a voice that trembles. */
function makeSound(ffmpeg: string, file: string): void {
  const noise = `anoisesrc=color=pink:amplitude=0.3:sample_rate=48000:duration=${SECONDS},tremolo=f=3:d=0.7`
  const voice = `sine=frequency=220:sample_rate=48000:duration=${SECONDS},vibrato=f=5:d=0.5,volume=0.5`
  const mix = `${noise}[a];${voice}[b];[a][b]amix=inputs=2,pan=5.1|FL=c0|FR=c0|FC=c0|LFE=0.1*c0|BL=0.4*c0|BR=0.4*c0[out]`
  const args = ['-v', 'error', '-y', '-filter_complex', mix, '-map', '[out]', '-c:a', 'ac3', '-b:a', '448k']
  const { status, stderr } = spawnSync(ffmpeg, [...args, '-f', 'mpegts', file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`FFmpeg cannot make the sound: ${stderr}`)
}

/** What one audio sidecar costs while a channel runs. */
export async function sidecarFigures(): Promise<Figure[]> {
  const ffmpeg = findFfmpeg()
  const method = `${SECONDS} s of AC-3 5.1 448k (pink noise and a trembling tone) to AAC stereo 192k in real time, pieces of ${PIECE_MS} ms`
  if (ffmpeg === null)
    return [{ name: 'audio sidecar CPU', value: null, unit: 's/min', aim: '≤ 1.5', method, skipped: 'no FFmpeg' }]
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  try {
    const file = join(folder, 'sound.ts')
    makeSound(ffmpeg, file)
    const bytes = readFileSync(file)
    const child = spawn(ffmpeg, audioSidecarArgs({ bitrateKbps: 192, channels: 2 }), {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let made = 0
    child.stdout.on('data', (part: Uint8Array) => (made += part.length))
    const startedAt = performance.now()
    const piece = Math.ceil((bytes.length * PIECE_MS) / 1000 / SECONDS / 188) * 188
    for (let at = 0; at < bytes.length; at += piece) {
      child.stdin.write(bytes.subarray(at, at + piece))
      await sleep(Math.max(0, startedAt + (at / piece + 1) * PIECE_MS - performance.now()))
    }
    const [cpu, { pss }] = [cpuSeconds(child.pid ?? 0), memoryMb(child.pid ?? 0)]
    child.kill('SIGKILL')
    if (made === 0) throw new Error('The sidecar made nothing')
    return [
      { name: 'audio sidecar CPU', value: (cpu * 60) / SECONDS, unit: 's/min', aim: '≤ 1.5', method },
      { name: 'audio sidecar memory', value: pss, unit: 'MB PSS', aim: '-', method: `the same process, ${ffmpeg}` },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
