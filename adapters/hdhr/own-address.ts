import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import type { NetworkInterfaceInfo } from 'node:os'
import { isInNetwork, parseIp, parseNetwork } from '../../core/access/network.ts'
import type { Network } from '../../core/access/network.ts'

/** An interface of this machine, with the network behind it. */
type Card = { readonly address: string; readonly network: Network; readonly isInternal: boolean }

/**
 * The address of this machine by which a peer (IPv4 literal) reaches it: in a network of our own that of the interface,
 * elsewhere that by which the system would send. Nothing is sent. Null: there is none.
 */
export async function ownAddressFor(peer: string): Promise<string | null> {
  const ip = parseIp(peer)
  if (ip === null) return null
  const cards = ownCards()
  const [near] = cards
    .filter(({ network }) => isInNetwork(ip, network))
    .toSorted((a, b) => b.network.bits - a.network.bits)
  return near?.address ?? (await routeTo(peer)) ?? cards.find(({ isInternal }) => !isInternal)?.address ?? null
}

const ownCards = (): readonly Card[] => Object.values(networkInterfaces()).flat().flatMap(toCard)

function toCard(card: NetworkInterfaceInfo | undefined): readonly Card[] {
  if (card === undefined || card.family !== 'IPv4' || card.cidr === null) return []
  const network = parseNetwork(card.cidr)
  return network === null ? [] : [{ address: card.address, network, isInternal: card.internal }]
}

/** Deno does not tell the address of a connected socket: null there. */
function routeTo(peer: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const done = (address: string | null): void => {
      socket.close()
      resolve(address)
    }
    socket.once('error', () => done(null))
    socket.connect(9, peer, () => {
      const { address } = socket.address()
      done(address === '0.0.0.0' ? null : address)
    })
  })
}
