import { systemTimers } from '../../../core/live/timers.ts'
import { at } from '../api/base.ts'
import { electionHere, lineByLeader } from './by-leader.ts'
import { lineByWorker } from './by-worker.ts'
import { openConnection } from './connection.ts'
import type { OpenLine } from './line.ts'

const own: OpenLine = (hear) =>
  openConnection(
    at('/api/v1/events'),
    { fetch: (url, init) => fetch(url, init), timers: systemTimers, random: Math.random },
    hear,
  )

/**
 * The way to the gateway's events that this browser offers: one connection for all tabs by a SharedWorker, else by a leader
 * among the tabs, else (plain http on a phone) one of this tab alone.
 */
export function lineHere(): OpenLine {
  const worker = lineByWorker()
  if (worker !== null) return worker
  const election = electionHere()
  return election === null ? own : lineByLeader(election, own)
}
