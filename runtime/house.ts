import type { Log, LogLevel } from '../core/log.ts'
import { createLogDesk } from '../core/logs/log-desk.ts'
import type { LogDesk } from '../core/logs/log-desk.ts'
import { createLogRing } from '../core/logs/log-ring.ts'
import type { Fetch, Host } from './host.ts'
import { createLogWriter } from './log-writer.ts'
import type { Tell } from './log-writer.ts'
import type { HouseConfig } from './load-config.ts'
import { readPastLog } from './past-log.ts'
import { StartError } from './start-error.ts'

/** An assembled program before it listens. */
export interface House extends AsyncDisposable {
  readonly fetch: Fetch
  /** Called once it accepts connections, with its own addresses and a way to tell the person at the console something. */
  opened(urls: readonly string[], tell: Tell): Promise<void>
}

/** What the program gives the house that it assembles. */
export type Surroundings = {
  readonly log: Log
  /** The last lines of the log. */
  readonly logs: LogDesk
  /** Writes only what is at least so severe from now on. */
  readonly setLogLevel: (level: LogLevel) => void
  /** Ends the house and assembles it anew, in the same process and on the same sockets. */
  readonly restart: () => void
}

/** How long a stop may take in all, milliseconds (contract §1: 5 s); what is left then is cut. */
const STOP_MS = 4500
/** How long a house that is to start anew may take to end; a program that hangs is better started anew as a whole. */
const RESTART_MS = 15_000
/** How long open connections may go on by themselves once the streams have ended. */
const GRACE_MS = 500

/**
 * Resolves with the name of the first SIGINT or SIGTERM. Later ones change nothing: a Ctrl-C under npm arrives twice,
 * and the second one must not cut the stop short.
 */
function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => resolve(name))
  })
}

/**
 * Assembles, listens, says so in the first line on stdout, waits for a signal and stops cleanly within 5 s. `over`: resolves
 * with why it is to stop by itself; absent: never.
 *
 * Gives the program's exit code: 0 after a signal.
 */
export async function runHouse(
  host: Host,
  config: HouseConfig,
  assemble: (surroundings: Surroundings) => Promise<House>,
  over: Promise<string> | null = null,
): Promise<number> {
  const ring = createLogRing()
  const writer = createLogWriter({
    ...config.log,
    write: (line) => process.stdout.write(line),
    now: Date.now,
    keep(line) {
      ring.add(line)
      logs.told()
    },
  })
  const logs = createLogDesk({ ring, level: writer.level, now: Date.now })
  if (config.log.file !== null) for (const line of readPastLog(config.log.file)) ring.add(line)
  const { log } = writer
  // A reader of the log that goes away (a closed pipe) must not end the television.
  process.stdout.on('error', () => {})
  const signal = over === null ? firstSignal() : Promise.race([firstSignal(), over])
  let house: House
  let wish = Promise.withResolvers<null>()
  const surroundings = { log, logs, setLogLevel: writer.setLevel, restart: () => wish.resolve(null) }
  try {
    house = await assemble(surroundings)
  } catch (error) {
    writer.release()
    throw error
  }
  let answer = house.fetch
  let listening
  try {
    listening = await host.serve((request, env) => answer(request, env), config.listen)
  } catch (error) {
    await house[Symbol.asyncDispose]()
    writer.release()
    throw whyNotListening(error, config)
  }
  process.stdout.write(`${JSON.stringify({ event: 'listening', urls: listening.urls, runtime: host.name })}\n`)
  writer.release()
  await house.opened(listening.urls, writer.tell)

  let reason = await Promise.race([signal, wish.promise])
  while (reason === null) {
    wish = Promise.withResolvers()
    log('info', 'restarting')
    answer = startsAnew
    await endInTime(house, log)
    house = await assemble(surroundings)
    answer = house.fetch
    await house.opened(listening.urls, writer.tell)
    reason = await Promise.race([signal, wish.promise])
  }
  log('info', 'stopping', { signal: reason })
  const late = setTimeout(() => {
    log('warn', 'stop-cut', { afterMs: STOP_MS })
    process.exit(0)
  }, STOP_MS)
  const stopped = listening.stop(GRACE_MS)
  await house[Symbol.asyncDispose]()
  await stopped
  clearTimeout(late)
  log('info', 'stopped')
  return 0
}

/** What is said while there is no house behind the sockets. */
const startsAnew: Fetch = () => new Response(null, { status: 503, headers: { 'retry-after': '2' } })

async function endInTime(house: House, log: Log): Promise<void> {
  const late = setTimeout(() => {
    log('error', 'restart-cut', { afterMs: RESTART_MS })
    process.exit(1)
  }, RESTART_MS)
  await house[Symbol.asyncDispose]()
  clearTimeout(late)
}

/** The sentence for a failed listen; any other error as it is. */
function whyNotListening(error: unknown, { listen }: Pick<HouseConfig, 'listen'>): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const places = listen.map(({ host, port }) => `${host ?? ''}:${port}`).join(',')
  const reason = LISTEN_ERRORS[code]
  if (reason === undefined) return error
  return new StartError(`Cannot listen on ${places}: ${reason}`, { cause: error })
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does (choose another port with --listen)',
  EACCES: 'not allowed (ports under 1024 need rights)',
  EADDRNOTAVAIL: 'this machine has no such address (see --listen)',
  ENOTFOUND: 'this machine has no such address (see --listen)',
}
