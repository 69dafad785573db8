import type { Log } from '../core/log.ts'
import type { Fetch, Host } from './host.ts'
import { createLogWriter } from './log-writer.ts'
import type { HouseConfig } from './load-config.ts'

/** An assembled program before it listens. */
export interface House extends AsyncDisposable {
  readonly fetch: Fetch
  /** Called once it accepts connections, with its own addresses. */
  opened(urls: readonly string[]): Promise<void>
}

/** How long a stop may take in all, milliseconds (contract §1: 5 s); what is left then is cut. */
const STOP_MS = 4500
/** How long open connections may go on by themselves once the streams have ended. */
const GRACE_MS = 500

/** Resolves with the name of the first SIGINT or SIGTERM. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name))
  })
}

/**
 * Assembles, listens, says so in the first line on stdout, waits for a signal and stops cleanly within 5 s.
 *
 * Gives the program's exit code: 0 after a signal.
 */
export async function runHouse(
  host: Host,
  config: HouseConfig,
  assemble: (log: Log) => Promise<House>,
): Promise<number> {
  const writer = createLogWriter({
    ...config.log,
    write: (line) => process.stdout.write(line),
    now: Date.now,
  })
  const { log } = writer
  // A reader of the log that goes away (a closed pipe) must not end the television.
  process.stdout.on('error', () => {})
  const signal = nextSignal()
  let house: House
  try {
    house = await assemble(log)
  } catch (error) {
    writer.release()
    throw error
  }
  let listening
  try {
    listening = await host.serve(house.fetch, config.listen)
  } catch (error) {
    await house[Symbol.asyncDispose]()
    writer.release()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const places = config.listen.map(({ host: name, port }) => `${name ?? ''}:${port}`).join(',')
    if (code === 'EADDRINUSE')
      throw new Error(`Cannot listen on ${places}: another program does (choose another with --listen)`, {
        cause: error,
      })
    if (code === 'EACCES')
      throw new Error(`Cannot listen on ${places}: not allowed; ports under 1024 need rights`, { cause: error })
    throw error
  }
  process.stdout.write(`${JSON.stringify({ event: 'listening', urls: listening.urls, runtime: host.name })}\n`)
  writer.release()
  await house.opened(listening.urls)

  log('info', 'stopping', { signal: await signal })
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
