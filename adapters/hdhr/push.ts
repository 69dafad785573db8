import { createSocket } from 'node:dgram'
import type { Caller } from '../../core/access/caller.ts'
import type { PushWish } from '../../core/hdhr/control-desk.ts'
import { createTsDatagrams } from '../../core/hdhr/ts-datagrams.ts'
import type { LineupReader } from '../../core/lineup/lineup.ts'
import type { LiveLink } from '../../core/live/link.ts'
import type { Log } from '../../core/log.ts'

/** A client that is gone without a word, in a network that does not say so, holds a tuner for so long. */
const LONGEST_MS = 12 * 3_600_000

/** What a pusher needs. */
export type PusherPorts = {
  readonly lineup: LineupReader
  readonly live: Pick<LiveLink, 'ts'>
  readonly log: Log
}

/** Sends channels of tuners to clients by RTP or UDP, as control requests want it. Disposing ends all. */
export interface Pusher extends Disposable {
  /** Sends this from now on, in place of what the tuner sent before; null: nothing. */
  push(tuner: number, wish: PushWish | null): void
}

/** Pushes over the same relays as every viewer has. */
export function createPusher({ lineup, live, log }: PusherPorts): Pusher {
  const running = new Map<number, AbortController>()

  const send = async ({ number, host, port, protocol }: PushWish, signal: AbortSignal): Promise<void> => {
    const channel = lineup.current().byNumber.get(number)
    if (channel === undefined) return
    const answer = await live.ts({ channel, caller: callerAt(host), quality: 'original', mode: 'hdhr', signal })
    if (answer.kind !== 'relay') return
    const socket = await openDatagrams(host, port)
    const { push } = createTsDatagrams(protocol, (datagram) => socket.send(datagram))
    try {
      const seat = await answer.join(() => ({
        write(bytes) {
          push(bytes)
          return true
        },
        close: () => socket.close(),
      }))
      if (signal.aborted || socket.isClosed()) seat.leave()
      else {
        const ends = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
        ends.addEventListener('abort', () => seat.leave(), { once: true })
        socket.onRefused(() => seat.leave())
      }
    } catch (error) {
      socket.close()
      throw error
    }
  }

  return {
    push(tuner, wish) {
      running.get(tuner)?.abort(new Error('The tuner sends something else'))
      running.delete(tuner)
      if (wish === null) return
      const stop = new AbortController()
      running.set(tuner, stop)
      send(wish, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) log('info', 'hdhr-push', { tuner, detail: String(error) })
      })
    },
    [Symbol.dispose]() {
      for (const stop of running.values()) stop.abort(new Error('The program stops'))
      running.clear()
    },
  }
}

const callerAt = (address: string): Caller => ({
  kind: 'anonymous',
  user: null,
  role: null,
  address,
  loopback: false,
  mayWatch: true,
  prefix: '',
})

/** A socket to one place. */
type Datagrams = {
  send(datagram: Uint8Array): void
  close(): void
  isClosed(): boolean
  /** Nobody listens there any more. */
  onRefused(listener: () => void): void
}

/** Connected, so that the system tells us when the program at the other end is gone. */
async function openDatagrams(host: string, port: number): Promise<Datagrams> {
  const socket = createSocket('udp4')
  let isClosed = false
  let refused = (): void => {}
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    socket.close()
  }
  socket.on('error', () => {
    close()
    refused()
  })
  await new Promise<void>((resolve) => socket.connect(port, host, resolve))
  return {
    // What cannot be sent is lost, as all that gets lost on the way.
    send: (datagram) => void (isClosed || socket.send(datagram, () => {})),
    close,
    isClosed: () => isClosed,
    onRefused(listener) {
      refused = listener
    },
  }
}
