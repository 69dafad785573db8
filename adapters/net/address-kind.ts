import { isInNetwork, parseNetwork } from '../../core/access/network.ts'
import type { IpAddress, Network } from '../../core/access/network.ts'

/**
 * What an address is for a program that was sent there: `public` is anybody's, `private` is this machine, its network or
 * its carrier's, `never` is no place for a source whoever names it (link-local, cloud metadata, multicast …).
 */
export type AddressKind = 'public' | 'private' | 'never'

const networks = (...texts: string[]): readonly Network[] =>
  texts.flatMap((text) => {
    const network = parseNetwork(text)
    return network === null ? [] : [network]
  })

const NEVER = networks(
  '0.0.0.0/8', // RFC 1122, 3.2.1.3: "this network"; many systems take 0.0.0.0 for themselves
  '169.254.0.0/16', // RFC 3927, and the metadata services of most clouds
  '224.0.0.0/4', // RFC 5771, multicast
  '240.0.0.0/4', // RFC 1112, reserved, and the broadcast address
  '100.100.100.200', // metadata of Alibaba Cloud
  '168.63.129.16', // host agent of Azure
  '192.0.0.192', // metadata of Oracle Cloud
  'fd00:ec2::254', // metadata of AWS
  'fd20:ce::254', // metadata of Google Cloud
  'fe80::/10', // RFC 4291, 2.5.6
  'ff00::/8', // RFC 4291, 2.7
  '2001::/32', // RFC 4380, Teredo: hides an IPv4 address
)
const PRIVATE = networks(
  '10.0.0.0/8', // RFC 1918
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8', // RFC 1122, 3.2.1.3
  '100.64.0.0/10', // RFC 6598: neighbours behind a carrier's NAT
  '192.0.0.0/24', // RFC 6890
  '198.18.0.0/15', // RFC 2544
  '::1',
  'fc00::/7', // RFC 4193
  'fec0::/10', // RFC 3879
  '64:ff9b:1::/48', // RFC 8215: a translator of the own network
)

/** Ranges that carry an IPv4 address, and where in the 16 bytes it stands. */
const CARRIERS: readonly { readonly network: Network; readonly at: number }[] = [
  ...networks('64:ff9b::/96').map((network) => ({ network, at: 12 })), // RFC 6052
  ...networks('::ffff:0:0:0/96').map((network) => ({ network, at: 12 })), // RFC 2765
  ...networks('::/96').map((network) => ({ network, at: 12 })), // RFC 4291, 2.5.5.1
  ...networks('2002::/16').map((network) => ({ network, at: 2 })), // RFC 3056, 6to4
]
const V4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** The kind of an address; one that carries an IPv4 address within is what that one is. */
export function addressKind(address: IpAddress): AddressKind {
  const isIn = (network: Network): boolean => isInNetwork(address, network)
  if (NEVER.some(isIn)) return 'never'
  if (PRIVATE.some(isIn)) return 'private'
  const carrier = CARRIERS.find(({ network }) => isIn(network))
  if (carrier === undefined) return 'public'
  return addressKind([...V4_PREFIX, ...address.slice(carrier.at, carrier.at + 4)])
}
