import type { FoundSource, SearchAnswer } from '../../core/lineup/source-search.ts'
import { isPrivateAddress } from './neighbours.ts'
import { openDoors } from './open-doors.ts'
import type { Door } from './open-doors.ts'
import { whoIsThere } from './who-is-there.ts'

/** Web interfaces stand at 80; some owners move them, and tuners made of software have ports of their own. */
const PORTS = [80, 8080, 5004, 34_400]
/** A search that takes longer was not worth it. */
const WHOLE_MS = 15_000
const ASKED_AT_ONCE = 8

/** What a search needs of the world. */
export type SearchPorts = {
  /** Addresses to try one by one. */
  readonly neighbours: () => readonly string[]
  /** Addresses that made themselves known. */
  readonly announced: (signal: AbortSignal) => Promise<readonly string[]>
  /** Default: those where such devices stand. */
  readonly ports?: readonly number[]
  /** Addresses of this machine are left out, unless a test wants them. */
  readonly isOwn?: (door: Door) => boolean
}

/**
 * Looks for receivers and tuners in the own network: addresses that announce themselves and those beside our own, first
 * whether a door opens (64 at a time), then who is there (8 at a time, two questions each). Only private addresses are ever
 * tried; 15 s at most. Rejects with the signal's reason.
 */
export async function searchNetwork(ports: SearchPorts, signal: AbortSignal): Promise<SearchAnswer> {
  const whole = AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)])
  const announced = await ports.announced(signal)
  const hosts = [...new Set([...announced, ...ports.neighbours()])].filter(isPrivateAddress)
  const doors = hosts
    .flatMap((host) => (ports.ports ?? PORTS).map((port): Door => ({ host, port })))
    .filter((door) => ports.isOwn?.(door) !== true)
  const found: FoundSource[] = []
  try {
    const open = await openDoors(doors, whole)
    let next = 0
    const walk = async (): Promise<void> => {
      for (let door = open[next++]; door !== undefined; door = open[next++]) {
        const one = await whoIsThere(door, whole)
        if (one !== null) found.push(one)
      }
    }
    await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, open.length) }, walk))
  } catch (error) {
    // Out of time: what was found until then is worth telling.
    if (signal.aborted || !whole.aborted) throw error
  }
  return { found: found.toSorted((a, b) => a.host.localeCompare(b.host, 'en', { numeric: true })), tried: hosts.length }
}
