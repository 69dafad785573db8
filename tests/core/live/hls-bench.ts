import { PacketAligner } from '../../../core/live/align.ts'
import { HlsRing } from '../../../core/live/hls-ring.ts'
import type { Program } from '../../../core/live/program.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { SERVICE_ID } from './clips.ts'

/** A ring behind a splicer, with a clock of its own. */
export type RingBench = {
  readonly ring: HlsRing
  readonly clock: { wallMs: number }
  /** Sends a stream through, 100 ms of wall time for every 30 packets; `change` may alter or leave out chunks. */
  readonly feed: (bytes: Uint8Array, change?: (chunk: TsChunk) => TsChunk | null) => void
  readonly programs: readonly Program[]
}

const asItIs = (chunk: TsChunk): TsChunk | null => chunk

/** Opens the bench. */
export function ringBench({ keepSeconds = 60 }: { readonly keepSeconds?: number } = {}): RingBench {
  const clock = { wallMs: 1_000_000 }
  const now = (): number => clock.wallMs
  const ring = new HlsRing({ keepSeconds, now })
  const programs: Program[] = []
  let alter = asItIs
  const splicer = new Splicer({
    now,
    onProgram(program) {
      programs.push(program)
      ring.setProgram(program)
    },
    onChunk(chunk) {
      const changed = alter(chunk)
      if (changed) ring.push(changed)
    },
  })
  splicer.nextUpstream(SERVICE_ID)
  const aligner = new PacketAligner()
  return {
    ring,
    clock,
    programs,
    feed(bytes, change = asItIs) {
      alter = change
      const step = 188 * 30
      for (let at = 0; at < bytes.length; at += step) {
        splicer.push(aligner.push(bytes.slice(at, at + step)))
        splicer.flush()
        clock.wallMs += 100
      }
    },
  }
}
