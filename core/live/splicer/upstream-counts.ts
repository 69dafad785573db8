/** What a splicer has met in the upstream at hand. */
export class UpstreamCounts {
  /** Continuity errors of the upstream, `ISO/IEC 13818-1, 2.4.3.3`. */
  continuityErrors = 0
  /** Packets of the programme that the sender marked as damaged (`transport_error_indicator`); they are left out. */
  damagedPackets = 0
  /** Packets of the programme in the clear. */
  clear = 0
  /** Packets of the picture (without one: of the sound) that came encrypted. */
  scrambled = 0
  /** Packets of the picture in the clear. */
  leading = 0
  /** How many of these began a PES packet as they should. */
  leadingPes = 0

  /** Another upstream begins. */
  reset(): void {
    this.continuityErrors = 0
    this.damagedPackets = 0
    this.clear = 0
    this.scrambled = 0
    this.leading = 0
    this.leadingPes = 0
  }
}
