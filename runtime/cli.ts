import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { backup, restore } from './commands/backup.ts'
import { channel } from './commands/channel.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { play } from './commands/play.ts'
import { publisher } from './commands/publisher.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { user } from './commands/user.ts'
import { Failure } from '../core/errors.ts'
import type { Command, Options } from './command.ts'
import type { Host } from './host.ts'
import { StartError } from './start-error.ts'
import { UsageError } from './usage-error.ts'
import { VERSION } from './version.ts'

const STORE_OPTIONS = ['config', 'data', 'log-level'] as const
const SERVE_OPTIONS = [...STORE_OPTIONS, 'listen', 'role'] as const

/** The commands with the options each one takes; anything else is refused with exit code 2. */
const COMMANDS: Readonly<
  Record<string, { readonly run: Command; readonly options: readonly string[]; readonly words: number }>
> = {
  serve: { run: serve, options: SERVE_OPTIONS, words: 0 },
  demo: { run: demo, options: ['data', 'listen', 'log-level', 'with-providers'], words: 0 },
  doctor: { run: doctor, options: SERVE_OPTIONS, words: 0 },
  token: { run: token, options: [...STORE_OPTIONS, 'slate'], words: 2 },
  channel: { run: channel, options: [...STORE_OPTIONS, 'days', 'json'], words: 2 },
  play: {
    run: play,
    options: ['config', 'listen', 'log-level', 'season', 'episode', 'loop', 'transcode', 'copy'],
    words: Infinity,
  },
  publisher: { run: publisher, options: STORE_OPTIONS, words: 0 },
  user: { run: user, options: [...STORE_OPTIONS, 'admin', 'max-streams', 'password-stdin'], words: 2 },
  backup: {
    run: backup,
    options: [...STORE_OPTIONS, 'guide', 'history', 'with-config', 'passphrase-stdin'],
    words: 1,
  },
  restore: { run: restore, options: [...STORE_OPTIONS, 'passphrase-stdin'], words: 1 },
}

const HELP = `downlink ${VERSION}: live TV from what you own to every screen

Usage: downlink [COMMAND] [OPTIONS]

Commands
  serve                 start the gateway (default)
  demo                  start with a simulated receiver, to see everything without hardware
                        (--with-providers: a Stalker portal, an Xtream panel and a channel list too)
  doctor                check FFmpeg, data folder, ports and sources, and say what to do
  token add NAME        make a viewing link for a device or person; printed once, with a short
                        address to type with a remote control
                        (--slate: it shows a still picture instead of an error)
  token list            list viewing links
  token revoke ID       end a viewing link
  user add NAME         add a person; the password is made up and printed once
                        (--admin, --max-streams N; --password-stdin: read it from the standard input)
  user list             list people
  user passwd NAME      give a new password (--password-stdin); ends the sessions
  user remove NAME      remove a person with all viewing links and app passwords
  channel list          list channels made of files (--json)
  channel plan ID       print what one plays from now on (--days N: 1; --json)
  play FILE…            play files, a folder or a series as one channel, and end after the last file
                        ("SERIES" --season N --episode N: of the folders of this house; --loop;
                        --transcode: all in one format (default); --copy: as they are)
  publisher             print what a front has to know to take what this house publishes
  backup FILE           write the house into a file, also while it runs
                        (--guide, --history, --with-config: these too;
                        --passphrase-stdin: lock it with the first line of the standard input)
  restore FILE          put the house of a backup in the place of this one, also while it runs
                        (--passphrase-stdin)

Options
  --config FILE         configuration file (default: downlink.yaml in this folder)
  --data DIR            data folder (default: ./data)
  --listen ADDR[,ADDR]  where to listen (default: :18080)
  --role ROLE           all, gateway or adapter (default: all)
  --log-level LEVEL     debug, info, warn or error (default: info)
  --help, --version

Exit codes: 0 stopped by a signal or done, 2 wrong option or configuration, 1 anything else
`

const NAMES = {
  config: { type: 'string' },
  data: { type: 'string' },
  listen: { type: 'string' },
  role: { type: 'string' },
  'log-level': { type: 'string' },
  slate: { type: 'boolean' },
  admin: { type: 'boolean' },
  'max-streams': { type: 'string' },
  'password-stdin': { type: 'boolean' },
  guide: { type: 'boolean' },
  history: { type: 'boolean' },
  'with-config': { type: 'boolean' },
  'passphrase-stdin': { type: 'boolean' },
  'with-providers': { type: 'boolean' },
  days: { type: 'string' },
  json: { type: 'boolean' },
  season: { type: 'string' },
  episode: { type: 'string' },
  loop: { type: 'boolean' },
  transcode: { type: 'boolean' },
  copy: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies ParseArgsConfig['options']

function read(argv: readonly string[]): { name: string; words: string[]; options: Options } {
  let parsed
  try {
    parsed = parseArgs({ args: [...argv], options: NAMES, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)} (see --help)`,
    )
  }
  const { help, version, ...rest } = parsed.values
  const options: Options = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, typeof value === 'boolean' ? 'yes' : value]),
  )
  if (help) return { name: 'help', words: [], options: {} }
  if (version) return { name: 'version', words: [], options: {} }
  const [name = 'serve', ...words] = parsed.positionals
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command)
    throw new UsageError(`Unknown command "${name}": it should be one of ${Object.keys(COMMANDS).join(', ')}`)
  for (const option of Object.keys(options)) {
    if (!command.options.includes(option))
      throw new UsageError(`Option --${option} does not belong to "${name}" (see --help)`)
  }
  if (words.length > command.words) throw new UsageError(`"${name}" takes no "${words[command.words]}" (see --help)`)
  return { name, words, options }
}

async function run(host: Host, argv: readonly string[]): Promise<number> {
  const { name, words, options } = read(argv)
  if (name === 'help') process.stdout.write(HELP)
  else if (name === 'version') process.stdout.write(`${VERSION}\n`)
  else return (await COMMANDS[name]?.run({ host, words, options })) ?? 1
  return 0
}

/** Runs one command line of the program and ends the process with its exit code. */
export async function runCommand(host: Host, argv: readonly string[]): Promise<void> {
  let code: number
  try {
    code = await run(host, argv)
  } catch (error) {
    if (error instanceof UsageError || (error instanceof Failure && error.code === 'config/invalid')) {
      process.stderr.write(`downlink: ${error.message}\n`)
      code = 2
    } else {
      const text =
        error instanceof Failure || error instanceof StartError
          ? error.message
          : error instanceof Error
            ? (error.stack ?? error.message)
            : String(error)
      const advice = error instanceof Failure && error.kind.advice ? ` (${error.kind.advice})` : ''
      process.stderr.write(`downlink: ${text}${advice}\n`)
      code = 1
    }
  }
  process.exit(code)
}
