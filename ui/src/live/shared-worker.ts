import { systemTimers } from '../../../core/live/timers.ts'
import { at } from '../api/base.ts'
import { openConnection } from './connection.ts'
import { createSwitchboard } from './switchboard.ts'

// Runs as a SharedWorker: one connection for all tabs of this house.

const switchboard = createSwitchboard((hear) =>
  openConnection(
    at('/api/v1/events'),
    { fetch: (url, init) => fetch(url, init), timers: systemTimers, random: Math.random },
    hear,
  ),
)

addEventListener('connect', (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined
  if (port === undefined) return
  const end = switchboard.join((message) => port.postMessage(message))
  port.addEventListener('message', ({ data }) => {
    if (data === 'restart') end.restart()
    if (data === 'bye') end.leave()
  })
  port.start()
})
