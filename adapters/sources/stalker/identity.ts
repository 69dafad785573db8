import { createHash } from 'node:crypto'
import type { OwnIdentity } from '../../../core/source-kinds/stalker.ts'

/** Who a box says it is. Portals pin these at the first contact: they never change for a MAC (stalker.md §4.2). */
export type BoxIdentity = {
  /** Upper case with colons. */
  readonly mac: string
  /** 13 characters; an empty or changed one gets an address banned by some panels. */
  readonly serial: string
  /** 64 upper-case hex digits, and another 64: equal ones look like a clone. */
  readonly deviceId: string
  readonly deviceId2: string
  /** 64 upper-case hex digits; boxes sign with their hardware, and only portals with a filter of their own look. */
  readonly signature: string
  /** What some panels take as a fingerprint: 40 hex digits. */
  readonly prehash: string
}

/**
 * The identity of a MAC: the same on every machine and in every version, because portals lock a MAC to what they saw
 * first. Derived from the MAC alone, so that a portal that moves to another address still knows the box.
 *
 * `deviceId` is what other clients derive too (SHA-256 of the MAC), so that a MAC can move here from them.
 */
export function boxIdentity(mac: string, own: OwnIdentity = {}): BoxIdentity {
  const digits = mac.replaceAll(':', '')
  return {
    mac,
    serial: own.serial ?? hash('sha256', `serial ${mac}`).replace(/[A-F]/g, digitOf).slice(0, 13),
    deviceId: own.deviceId ?? hash('sha256', mac),
    deviceId2: own.deviceId2 ?? hash('sha256', `${mac} ${digits}`),
    signature: hash('sha256', `signature ${mac}`),
    prehash: hash('sha1', mac).toLowerCase(),
  }
}

const hash = (kind: 'sha1' | 'sha256', text: string): string =>
  createHash(kind).update(text).digest('hex').toUpperCase()

/** Serial numbers of these boxes are written in digits. */
const digitOf = (hexDigit: string): string => String(Number.parseInt(hexDigit, 16) - 10)
