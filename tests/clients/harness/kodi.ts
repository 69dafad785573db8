import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../runtime/program.ts'
import { startClient } from './client-run.ts'
import { openJsonRpc } from './json-rpc.ts'
import type { JsonRpc } from './json-rpc.ts'

/** The program itself: the script `kodi` in front of it asks for a window manager. */
export const KODI = '/usr/lib/x86_64-linux-gnu/kodi/kodi.bin'
/** Where its binary add-ons are. */
export const KODI_ADDONS = '/usr/lib/x86_64-linux-gnu/kodi/addons'

const RPC_PORT = 9090
const START_MS = 40_000

/** A Kodi without a screen that anybody sees. */
export interface Kodi extends AsyncDisposable {
  readonly ask: JsonRpc['ask']
  /** Lines of its log that match. */
  logged(pattern: RegExp): Promise<readonly string[]>
}

/** A channel as `PVR.GetChannels` tells it. */
export type KodiChannel = {
  readonly channelid: number
  readonly label: string
  readonly channelnumber: number
  readonly subchannelnumber: number
  readonly icon: string
  readonly hasarchive: boolean
}

/** A programme as `PVR.GetBroadcasts` tells it. */
export type KodiBroadcast = {
  readonly broadcastid: number
  readonly label: string
  readonly title: string
  readonly starttime: string
  readonly episodenum: number
  readonly episodename: string
  readonly genre: readonly string[]
  readonly plot: string
}

/** What a player of Kodi plays. */
export type KodiPlays = {
  readonly speed: number
  readonly videostreams: readonly { readonly codec: string; readonly width: number; readonly height: number }[]
  readonly audiostreams: readonly { readonly codec: string; readonly channels: number }[]
}

/**
 * Starts Kodi with these add-ons switched on and with settings for them, in a home below `folder`.
 *
 * It needs a display and something that takes sound, or it asks for ever; and it switches binary add-ons on only when somebody
 * says so in a dialogue, of which there is none in its data base: it is started once to make that.
 */
export async function startKodi(options: {
  readonly folder: string
  readonly addons: readonly string[]
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>
}): Promise<Kodi> {
  await using stack = new AsyncDisposableStack()
  const home = join(options.folder, 'kodi')
  const userdata = join(home, '.kodi/userdata')
  const runtimeDir = join(home, 'run')
  for (const folder of [userdata, runtimeDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(userdata, 'advancedsettings.xml'), '<advancedsettings><loglevel>1</loglevel></advancedsettings>')
  for (const [addon, values] of Object.entries(options.settings ?? {})) {
    const lines = Object.entries(values).map(
      ([id, value]) => `<setting id="${id}">${value.replaceAll('&', '&amp;')}</setting>`,
    )
    mkdirSync(join(userdata, 'addon_data', addon), { recursive: true })
    writeFileSync(
      join(userdata, 'addon_data', addon, 'settings.xml'),
      `<settings version="2">${lines.join('')}</settings>`,
    )
  }
  const ownFolders = { HOME: home, XDG_RUNTIME_DIR: runtimeDir, PULSE_RUNTIME_PATH: runtimeDir }
  const log = join(home, '.kodi/temp/kodi.log')
  // It takes a free number, and tells which once it can be used.
  const screen = stack.use(startClient('Xvfb', ['-displayfd', '1', '-screen', '0', '640x480x24', '-nolisten', 'tcp']))
  const sink = ['-L', 'module-null-sink sink_name=n', '-L', 'module-native-protocol-unix']
  stack.use(startClient('pulseaudio', ['-n', '--daemonize=no', '--exit-idle-time=-1', ...sink], { env: ownFolders }))
  const display = await until('there is a display', () => /^\d+$/m.exec(screen.printed())?.[0] ?? null)
  await until('sound is taken', () => existsSync(join(runtimeDir, 'native')))
  const env = { ...ownFolders, KODI_AE_SINK: 'PULSE', LIBGL_ALWAYS_SOFTWARE: '1', DISPLAY: `:${display}` }
  const start = () => startClient(KODI, ['--windowing=x11', '--standalone'], { env })

  const open = async (): Promise<JsonRpc | null> => {
    try {
      return await openJsonRpc(RPC_PORT)
    } catch {
      return null // It does not listen yet.
    }
  }
  {
    await using _first = start()
    using _rpc = await until('Kodi has started', open, START_MS)
  }
  switchOn(join(userdata, 'Database/Addons33.db'), options.addons)
  stack.use(start())
  const rpc = stack.use(await until('Kodi listens', open, START_MS))
  const owned = stack.move()
  return {
    ask: rpc.ask,
    async logged(pattern) {
      return (await readFile(log, 'utf8')).split('\n').filter((line) => pattern.test(line))
    },
    async [Symbol.asyncDispose]() {
      await rpc.ask('Application.Quit').catch(() => {}) // it may go without an answer
      await owned.disposeAsync()
    },
  }
}

/** Plays something for four seconds and gives what is played. Fails when it stops by itself. */
export async function playForAWhile(kodi: Kodi, item: Readonly<Record<string, unknown>>): Promise<KodiPlays> {
  const playing = async (): Promise<number | null> => {
    const [player] = await kodi.ask<readonly { playerid: number }[]>('Player.GetActivePlayers')
    return player?.playerid ?? null
  }
  const look = async (): Promise<KodiPlays | null> => {
    const playerid = await playing()
    if (playerid === null) return null
    const asked = { playerid, properties: ['speed', 'videostreams', 'audiostreams'] }
    // It fails while one player gives way to the other.
    const seen = await kodi.ask<KodiPlays>('Player.GetProperties', asked).catch(() => null)
    return seen?.speed === 1 && (seen.audiostreams[0]?.codec ?? '') !== '' ? seen : null
  }
  await kodi.ask('Player.Open', { item })
  const plays = await until('Kodi plays', look, START_MS).catch(async (error: unknown) => {
    const said = await kodi.logged(/ error | warning |VideoPlayer|AddOnLog/)
    throw new Error(`Kodi does not play:\n${said.slice(-30).join('\n')}`, { cause: error })
  })
  await sleep(4000)
  const playerid = await playing()
  if (playerid === null) throw new Error('Kodi has stopped by itself')
  await kodi.ask('Player.Stop', { playerid })
  await until('Kodi has stopped', async () => (await playing()) === null)
  return plays
}

/** Switches add-ons on in the data base of a Kodi that does not run. */
function switchOn(path: string, addons: readonly string[]): void {
  using database = new DatabaseSync(path)
  const marks = addons.map(() => '?').join(',')
  const set = database.prepare(`UPDATE installed SET enabled = 1, disabledReason = 0 WHERE addonID IN (${marks})`)
  const { changes } = set.run(...addons)
  if (Number(changes) < addons.length) throw new Error(`Kodi does not know all of ${addons.join(', ')}`)
}
