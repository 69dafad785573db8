import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from '../../../core/live/program.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { clip, SERVICE_ID } from './clips.ts'
import type { ClipName } from './clips.ts'

/** A clip, sent once or twice with a reconnect in between, as a relay hands it out in small chunks. */
export function splice(
  names: readonly ClipName[],
  options: { readonly wholeUnits?: boolean; readonly cutAt?: number } = {},
) {
  const chunks: TsChunk[] = []
  const programs: Program[] = []
  const clock = { now: 0 }
  const { wholeUnits = false, cutAt = Infinity } = options
  const splicer = new Splicer({
    wholeUnits,
    now: () => clock.now,
    onProgram: (program) => programs.push(program),
    onChunk: (chunk) => chunks.push(chunk),
  })
  for (const name of names) {
    splicer.nextUpstream(SERVICE_ID)
    const whole = clip(name)
    const bytes = whole.subarray(0, Math.min(whole.length, Math.floor(cutAt / 188) * 188))
    for (let at = 0; at < bytes.length; at += 20 * 188) {
      splicer.push(bytes.slice(at, at + 20 * 188))
      splicer.flush()
    }
    splicer.endUpstream()
    clock.now += 1000
  }
  return { chunks, programs }
}

/** What FFmpeg finds wrong when it decodes everything in a stream. */
export function complaints(ffmpeg: string, bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-decode-'))
  try {
    const file = join(folder, 'stream.ts')
    writeFileSync(file, bytes)
    const { stderr, status } = spawnSync(
      ffmpeg,
      ['-nostdin', '-v', 'error', '-i', file, '-map', '0', '-f', 'null', '-'],
      { encoding: 'utf8', timeout: 20_000 },
    )
    return status === 0 ? stderr : `FFmpeg ended with ${String(status)}: ${stderr}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
