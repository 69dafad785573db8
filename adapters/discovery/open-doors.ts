import { connect } from 'node:net'

/** A place to look: host and port. */
export type Door = { readonly host: string; readonly port: number }

/** As many at a time as the cheapest router at home remembers without trouble. */
const AT_ONCE = 64
/** In the own network an open port answers within a few milliseconds, after an address was looked up within a few hundred. */
const CONNECT_MS = 600

/** Which of these doors open: connects to each and hangs up at once, 64 at a time. Rejects with the signal's reason. */
export async function openDoors(doors: readonly Door[], signal: AbortSignal): Promise<readonly Door[]> {
  const open: Door[] = []
  let next = 0
  const walk = async (): Promise<void> => {
    for (let door = doors[next++]; door !== undefined; door = doors[next++]) {
      signal.throwIfAborted()
      if (await opens(door)) open.push(door)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, doors.length) }, walk))
  return open
}

function opens({ host, port }: Door): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(end, CONNECT_MS, false)
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
