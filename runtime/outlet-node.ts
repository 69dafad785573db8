import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { ServerResponse } from 'node:http'
import { streamOutlet } from '../handlers/stream-outlet.ts'
import type { BodyOutlet } from '../handlers/gateway.ts'

/** What may wait in the response itself before it counts as full; the rest waits in the viewer's own bounded queue. */
const QUEUE_BYTES = 262_144

const outgoingOf = (context: unknown): ServerResponse | null =>
  (context as { env?: { outgoing?: ServerResponse } }).env?.outgoing ?? null

/** Writes straight to Node's response: a shared chunk goes to the socket without passing through web streams. */
export const nodeOutlet: BodyOutlet = {
  open(context, headers, events) {
    const outgoing = outgoingOf(context)
    if (outgoing === null) return streamOutlet.open(context, headers, events)
    let isOver = outgoing.destroyed
    let isFull = false
    // Who left during the opening is not told of again.
    if (isOver) queueMicrotask(events.gone)
    else outgoing.writeHead(200, headers)
    outgoing.on('drain', () => {
      if (!isFull) return
      isFull = false
      events.drained()
    })
    outgoing.once('close', () => {
      if (isOver) return
      isOver = true
      events.gone()
    })
    outgoing.on('error', () => {})
    return {
      response: RESPONSE_ALREADY_SENT,
      sink: {
        write(bytes) {
          if (isOver) return true
          outgoing.write(bytes)
          isFull = outgoing.writableLength > QUEUE_BYTES
          return !isFull
        },
        close(failure) {
          if (isOver) return
          if (failure === null) outgoing.end()
          else outgoing.destroy()
        },
      },
    }
  },
}
