import type { Devices } from './devices.ts'
import type { LinkTarget, Links } from './links.ts'
import type { PortalModel } from './model.ts'
import type { Observer, PortalObservation } from './observation.ts'
import type { PortalCall, PortalReply } from './reply.ts'
import type { PlayFault, PortalBox, PortalMode, PortalQuirks } from './settings.ts'
import type { Streams } from './streams.ts'

/** What a portal is made of. */
export type PortalOptions = {
  readonly mode: PortalMode
  readonly model: PortalModel
  readonly boxes: readonly PortalBox[]
  readonly quirks?: Partial<PortalQuirks>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Scheme, host and port by which clients know it. */
  readonly origin: () => string
}

/** The inside of a simulated portal: answers calls, and says what an address leads to. No sockets here. */
export interface Portal {
  readonly mode: PortalMode
  readonly model: PortalModel
  readonly observer: Observer
  readonly devices: Devices
  readonly links: Links
  readonly streams: Streams
  readonly faults: Map<number, PlayFault>
  readonly quirks: () => PortalQuirks
  readonly now: () => number
  readonly origin: () => string
  /** The address of whoever asks is blocked from now on. */
  ban(): void
  answer(call: PortalCall): PortalReply
  /** What a call for a stream or a file gets: an answer that is no stream, or what it plays on behalf of whom. */
  play(
    call: PortalCall,
  ): PortalReply | { readonly box: PortalBox; readonly target: LinkTarget; readonly fault: PlayFault | null }
  configure(changes: Partial<PortalQuirks>): void
  unban(): void
  /** An action is answered with 503 from now on; null: none is. */
  busyFor(action: string | null): void
  /** Another device signs in with the MAC: its token is the one that counts now. */
  otherDevice(mac: string): void
  observe(): PortalObservation
}
