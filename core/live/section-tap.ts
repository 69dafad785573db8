import { PacketAligner } from './align.ts'
import { PACKET_SIZE, isDamaged, isScrambled, pidAt } from './packet.ts'
import { SectionReader } from './psi.ts'

/** Longest private section, bytes: tables other than PAT and PMT may be this long. ISO/IEC 13818-1, 2.4.4.10. */
const LONGEST_SECTION = 4096

/** Looks at a stream as it passes and picks out tables. Never changes or holds what passes. */
export interface SectionTap {
  /** Takes a chunk of any size. What is no transport stream is none of its business. */
  push(chunk: Uint8Array): void
}

/** A tap that gives each whole section of one PID whose CRC is right. */
export function createSectionTap(pid: number, onSection: (section: Uint8Array) => void): SectionTap {
  const aligner = new PacketAligner()
  const reader = new SectionReader(LONGEST_SECTION)
  let isOver = false
  return {
    push(chunk) {
      if (isOver) return
      let packets: Uint8Array
      try {
        packets = aligner.push(chunk)
      } catch {
        isOver = true // the relay tells what is wrong with it
        return
      }
      for (let at = 0; at < packets.length; at += PACKET_SIZE) {
        if (pidAt(packets, at) !== pid || isDamaged(packets, at) || isScrambled(packets, at)) continue
        for (const section of reader.push(packets, at)) onSection(section)
      }
    },
  }
}
