import { createSocket } from 'node:dgram'
import { isPrivateAddress } from './neighbours.ts'

const GROUP = '239.255.255.250'
const PORT = 1900
/** Devices answer within MX seconds; a little more for the way. */
const MX_SECONDS = 2
const MOST_ANSWERS = 200

/**
 * Asks the network who is there by SSDP (UPnP Device Architecture 1.1, 1.3), and gives the private addresses that answered
 * within `waitMs`. Nothing where there is no multicast. Rejects with the signal's reason.
 */
export async function searchBySsdp(
  signal: AbortSignal,
  { waitMs = MX_SECONDS * 1000 + 400, target = GROUP, port = PORT } = {},
): Promise<readonly string[]> {
  signal.throwIfAborted()
  const found = new Set<string>()
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  const question = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${GROUP}:${PORT}`,
    'MAN: "ssdp:discover"',
    `MX: ${MX_SECONDS}`,
    'ST: ssdp:all',
    '',
    '',
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.close()
      end()
    }
    const onAbort = (): void => finish(() => reject(signal.reason))
    const timer = setTimeout(() => finish(() => resolve([...found])), waitMs)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('message', (_answer, { address }) => {
      if (found.size < MOST_ANSWERS && isPrivateAddress(address)) found.add(address)
    })
    // No multicast here: what answers to our questions one by one is found all the same.
    socket.on('error', () => {})
    socket.send(question, port, target, () => {})
  })
}
