import { readFileSync } from 'node:fs'

/** State of a connection that both ends hold (Linux, `include/net/tcp_states.h`). */
const ESTABLISHED = '01'

/** How many open connections a table like `/proc/net/tcp` has at a local port. */
export function countConnections(table: string, port: number): number {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').filter((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    return local.endsWith(place) && state === ESTABLISHED
  }).length
}

/** Open connections at a local TCP port of this network, IPv4 and IPv6. */
export const openConnections = (port: number): number =>
  ['/proc/net/tcp', '/proc/net/tcp6'].reduce((sum, path) => sum + countConnections(readFileSync(path, 'utf8'), port), 0)
