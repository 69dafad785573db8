import type { Network } from '../../core/access/network.ts'
import type { Device, DeviceScope } from '../../core/hdhr/device.ts'
import type { Scan } from '../../core/hdhr/scan.ts'
import type { TunerDesk } from '../../core/hdhr/tuner-desk.ts'

/** Port of the LAN: the virtual devices of a house. */
export interface HdhrDesk {
  /** The device of this scope; `title`: its selection's or source's name, null for all channels. */
  device(scope: DeviceScope, title: string | null): Device
  /** Addresses that need no signing in (`hdhr.allow`). */
  readonly allow: readonly Network[]
  readonly scan: Scan
  readonly tuners: TunerDesk
  /** The scope whose device stands alone at this socket (`hdhr.devices`); null: the one with all channels. */
  scopeOf(env: unknown): DeviceScope | null
}
