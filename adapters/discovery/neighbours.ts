import { networkInterfaces } from 'node:os'
import { parseIp } from '../../core/access/network.ts'
import { addressKind } from '../net/address-kind.ts'

/** An IPv4 address of a network card. */
export type Card = { readonly name: string; readonly address: string; readonly internal: boolean }

/** Networks that programs make for themselves: no receiver stands there. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|podman|cni|flannel|tailscale|wg|zt|tun|tap)/
/** Two networks at home are many. */
const MOST_NETWORKS = 2

/** The network cards of this machine with IPv4. */
export const ownCards = (): readonly Card[] =>
  Object.entries(networkInterfaces()).flatMap(([name, cards = []]) =>
    cards.flatMap(({ family, address, internal }) => (family === 'IPv4' ? [{ name, address, internal }] : [])),
  )

/** Whether an address belongs to the own network: nobody else is ever asked. */
export function isPrivateAddress(host: string): boolean {
  const address = parseIp(host)
  return address !== null && addressKind(address) === 'private'
}

/**
 * The addresses beside this machine: the 254 of each private /24 in which it has one, without its own. Two networks at most,
 * none of those that programs make for themselves.
 */
export function neighboursOf(cards: readonly Card[]): readonly string[] {
  const own = new Set(cards.map(({ address }) => address))
  const networks = new Set(
    cards.flatMap(({ name, address, internal }) =>
      internal || VIRTUAL.test(name) || !isPrivateAddress(address) ? [] : [address.split('.').slice(0, 3).join('.')],
    ),
  )
  return [...networks]
    .slice(0, MOST_NETWORKS)
    .flatMap((network) => Array.from({ length: 254 }, (_, index) => `${network}.${index + 1}`))
    .filter((address) => !own.has(address))
}
