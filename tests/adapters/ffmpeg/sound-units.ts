import { PacketAligner } from '../../../core/live/align.ts'
import { PesCollector } from '../../../core/live/pes-unit.ts'
import type { PesUnit } from '../../../core/live/pes-unit.ts'
import type { Codec, ElementaryStream, Program } from '../../../core/live/program.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import { clip, SERVICE_ID } from '../../core/live/clips.ts'
import type { ClipName } from '../../core/live/clips.ts'

/** A sound track of a committed stream, as a relay hands it out. */
export function soundOf(
  name: ClipName,
  codec: Codec,
): { readonly stream: ElementaryStream; readonly units: PesUnit[] } {
  const units: PesUnit[] = []
  const found: { program: Program | null } = { program: null }
  const collector = new PesCollector((unit) => units.push(unit))
  const stream = (): ElementaryStream | undefined => found.program?.streams.find((one) => one.codec === codec)
  const splicer = new Splicer({
    now: () => 0,
    onProgram: (program) => (found.program = program),
    onChunk: (chunk) => collector.push(chunk, new Set([stream()?.pid ?? -1])),
  })
  splicer.nextUpstream(SERVICE_ID)
  splicer.push(new PacketAligner().push(clip(name)))
  splicer.flush()
  const track = stream()
  if (!track) throw new Error(`Clip "${name}" has no ${codec}`)
  return { stream: track, units }
}
