import { parseIp } from '../access/network.ts'

/** How much of an address is kept: all, the network it is in, or nothing. */
export const ADDRESS_KEEPING = ['full', 'network', 'none'] as const

/** One of them. */
export type AddressKeeping = (typeof ADDRESS_KEEPING)[number]

/** What may be kept of an address: `network` leaves the first three bytes of IPv4 and the first 48 bits of IPv6. */
export function keptAddress(address: string, keeping: AddressKeeping): string | null {
  if (keeping === 'none' || address === '') return null
  if (keeping === 'full') return address
  const parsed = parseIp(address)
  if (parsed === null) return null
  const ipv4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address)?.[1]
  if (ipv4 !== undefined) return `${ipv4}.0/24`
  return `${groupsOf(address).slice(0, 3).join(':')}::/48`
}

/** The eight groups of an IPv6 address that can be read. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}
