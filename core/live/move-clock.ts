import { PACKET_SIZE, startsUnit } from './packet.ts'
import { moveTimes, readPesHeader } from './pes-header.ts'
import { add90k, readPcr, writePcr } from './timestamps.ts'

/**
 * Moves PCR, PTS and DTS of all these packets by `delta` ticks of 90 kHz, in place.
 *
 * Sections are never taken for PES packets: none begins with 0x000001. Source: ISO/IEC 13818-1, 2.4.3.6 and 2.4.4.
 */
export function moveClock(packets: Uint8Array, delta: number): void {
  for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) {
    const pcr = readPcr(packets, offset)
    if (pcr !== null) writePcr(packets, offset, add90k(pcr, delta))
    const header = startsUnit(packets, offset) ? readPesHeader(packets, offset) : null
    if (header !== null) moveTimes(packets, header, delta)
  }
}
