import { spawnSync } from 'node:child_process'
import type { Runtime } from '../../runner/runtimes.ts'

/** The environment of a client's tests says so when they run in a network of their own. */
const MARK = 'CLIENTS_NETWORK'

/**
 * A network with nothing but loopback, processes that end with their first one, and `/proc` of these processes: ports 80, 1900
 * and 65001 are free, nothing leaves the machine, and nothing outlives a test.
 */
const APART = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
const WITH_LOOPBACK = 'ip link set lo up && exec "$@"'

const words = (command: string, args: readonly string[]): string[] => [
  // Who is not root becomes root of a user namespace, where the system allows that.
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...APART,
  'sh',
  '-c',
  WITH_LOOPBACK,
  'sh',
  command,
  ...args,
]

/** Why programs cannot be run in a network of their own here; null: they can. */
export function noOwnNetwork(): string | null {
  const { status, stderr, error } = spawnSync('unshare', words('true', []), { encoding: 'utf8' })
  if (status === 0) return null
  return `no network of its own: ${error?.message ?? stderr.trim()}`
}

/** The same runtime in a network of its own for each file. */
export const apart = (runtime: Runtime): Runtime => ({
  ...runtime,
  command: 'unshare',
  args: (path) => words(runtime.command, runtime.args(path)),
})

/** Tells the tests whose environment this becomes that they run in a network of their own. */
export const markOwnNetwork = (env: NodeJS.ProcessEnv): void => void (env[MARK] = 'own')

/** For `describe(name, { skip })`: why tests that need ports of the system cannot run; false: they can. */
export const noPortsOfTheSystem = (): string | false =>
  process.env[MARK] === 'own' ? false : 'it needs a network of its own: npm run test:clients, as root'
