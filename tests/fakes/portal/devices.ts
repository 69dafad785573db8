import type { Observer } from './observation.ts'
import { headerOf, macOf } from './reply.ts'
import type { PortalCall } from './reply.ts'
import type { PortalBox, PortalMode } from './settings.ts'

/** A box as the portal remembers it. */
export type Device = {
  readonly box: PortalBox
  /** The token that counts; null: none was ever stored. */
  token: string | null
  /** Given out, not stored yet (stock). */
  minted: string | null
  serial: string | null
  deviceId: string | null
  deviceId2: string | null
  hasLoggedIn: boolean
  isConflicting: boolean
  handshakeAt: number
  readonly events: { readonly id: number; readonly event: string; readonly msg: string }[]
}

/** The devices of a portal and their tokens. */
export interface Devices {
  of(mac: string): Device | null
  all(): readonly Device[]
  /** A token that nobody has. */
  mint(): string
  /** The device of a call whose token counts; null: it does not. */
  authorized(call: PortalCall): Device | null
}

/** Makes the memory of a portal. */
export function createDevices(mode: PortalMode, boxes: readonly PortalBox[], observer: Observer): Devices {
  const devices = new Map(
    boxes.map((box): [string, Device] => [
      box.mac.toUpperCase(),
      {
        box,
        token: null,
        minted: null,
        serial: null,
        deviceId: null,
        deviceId2: null,
        hasLoggedIn: false,
        isConflicting: false,
        handshakeAt: -Infinity,
        events: [],
      },
    ]),
  )
  let minted = 0
  return {
    of: (mac) => devices.get(mac) ?? null,
    all: () => [...devices.values()],
    mint() {
      minted++
      const hex = minted.toString(16).toUpperCase().padStart(8, '0')
      return mode === 'xui' ? `${'q9+/'.repeat(16)}${hex}==` : hex.repeat(4)
    },
    authorized(call) {
      const device = devices.get(macOf(call)) ?? null
      if (device === null) return null
      const [, bearer = null] = /^Bearer (.+)$/.exec(headerOf(call, 'authorization')) ?? []
      if (mode === 'simple') return device
      if (mode === 'xc29' && device.token === null) return device
      if (bearer === null && call.url.searchParams.get('action') !== 'get_genres') {
        observer.forbid(`${call.url.searchParams.get('action')} without a token`)
      }
      return bearer !== null && bearer === device.token ? device : null
    },
  }
}
