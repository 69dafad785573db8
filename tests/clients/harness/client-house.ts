import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPanel } from '../../fakes/panel/index.ts'
import { createTelevision } from '../../fakes/providers/television.ts'
import { createClipStore } from '../../fakes/receiver/content.ts'
import { demoModel, findFfmpeg, testCacheDir, testClips } from '../../fakes/receiver/index.ts'
import { ready, sourceOf, startTestReceiver, statusOf } from '../../runtime/house.ts'
import { newFolder, startProgram, until } from '../../runtime/program.ts'
import type { Program } from '../../runtime/program.ts'
import { guideDocument } from './guide-document.ts'
import { openConnections } from './open-connections.ts'
import { panelProgramme } from './panel-programme.ts'

/** The whole program with a simulated receiver (four tuners) and a simulated panel (two connections), for one client. */
export interface ClientHouse extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly program: Program
  /** A folder for the files of the client; it goes with the house. */
  readonly folder: string
  /** Id of the channel with this name. */
  channel(name: string): string
  /** Address of a channel: `live('Alpin 1 HD', '.m3u8')`. */
  live(name: string, ending?: string): string
  /** The most tuners of the receiver that were in use at a time. */
  mostTuners(): number
  /** Makes a viewing token. */
  viewingToken(): Promise<string>
  /**
   * Waits until nothing is left of the client: no stream, tuner, connection or process. Fails with what is left, and when a
   * source was asked for something that it would not forgive.
   */
  nothingLeft(): Promise<void>
}

/** What a house of a client is started with. */
export type ClientHouseOptions = {
  /** As in `listen`; default: a free port of loopback. */
  readonly listen?: string
  readonly config?: Readonly<Record<string, unknown>>
  /** Whether there is a panel beside the receiver; default: true. */
  readonly panel?: boolean
}

const PASSWORD = 'correct-horse-battery'
/** Longer than `hls.idleSeconds` below: who stops asking for segments has gone then. */
const LEFT_WITHIN_MS = 20_000

/** Starts the house; its line-up is read and its guide filled. */
export async function startClientHouse(options: ClientHouseOptions = {}): Promise<ClientHouse> {
  await using stack = new AsyncDisposableStack()
  const folder = newFolder()
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const guide = join(folder, 'guide.xml')
  writeFileSync(guide, guideDocument(panelProgramme.channels, Date.now()))

  const receiver = stack.use(await startTestReceiver({ model: demoModel({ clips: 'tiny', frontends: 4 }) }))
  const clips = stack.use(createClipStore({ ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: testCacheDir }))
  const television = createTelevision({ clips, recipeOf: () => testClips.hd })
  const panel =
    options.panel === false
      ? null
      : stack.use(await startPanel({ model: panelProgramme, air: () => television.loop('Panel') }))
  const [account] = panelProgramme.accounts
  const ofPanel = { id: 'panel', kind: 'xtream', name: 'Panel', url: panel?.url, priority: 1 }
  const login = { username: account?.username, password: account?.password }
  const program = stack.use(
    await startProgram({
      folder: join(folder, 'house'),
      bare: true,
      args: ['--listen', options.listen ?? '127.0.0.1:0'],
      env: { DOWNLINK_ADMIN_PASSWORD: PASSWORD },
      config: {
        sources: [sourceOf(receiver), ...(panel === null ? [] : [{ ...ofPanel, ...login }])],
        guide: { xmltv: [{ id: 'episodes', file: guide }] },
        live: { lingerSeconds: 1 },
        hls: { idleSeconds: 6 },
        hdhr: { discovery: 'off' },
        ...options.config,
      },
    }),
  )
  await ready(program)
  await program.line('guide-refreshed', (line) => line['fetched'] !== 0)
  const url = program.url.replace('//localhost', '//127.0.0.1')
  const ids = new Map<string, string>()
  const hasEpisodes = async (): Promise<boolean> => (await program.ask('/xmltv.xml')).text.includes('Die Bergwacht')
  if (panel !== null) await until('the guide has its episodes', hasEpisodes)
  const playlist = (await program.ask('/playlist.m3u')).text
  for (const [, name = '', id = ''] of playlist.matchAll(/,([^,\n]+)\n\S+\/live\/(c\d+)\.ts/g)) ids.set(name, id)
  const port = Number(new URL(url).port || 80)
  const channel = (name: string): string => {
    const id = ids.get(name)
    if (id === undefined) throw new Error(`No channel "${name}" among ${[...ids.keys()].join(', ')}`)
    return id
  }

  /** What is still there of a client; '' when nothing is. */
  const whatIsLeft = async (): Promise<string> => {
    const status = await statusOf(program)
    const { tunersInUse, socketsPerPort } = receiver.observe()
    const numbers = {
      streams: status.streams.length,
      slots: status.sources.reduce((sum, { slots }) => sum + (slots?.used ?? 0), 0),
      tuners: tunersInUse,
      receiverSockets: socketsPerPort.stream + socketsPerPort.relay,
      panelStreams: panel?.observe().open ?? 0,
      connections: openConnections(port),
      processes: program.children().length,
    }
    return Object.entries(numbers)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')
  }

  const owned = stack.move()
  return {
    url,
    program,
    folder,
    channel,
    live: (name, ending = '.ts') => `${url}/live/${channel(name)}${ending}`,
    mostTuners: () => receiver.observe().maxTunersInUse,
    async viewingToken() {
      const body = { name: 'admin', password: PASSWORD }
      const login = await program.ask('/api/v1/session', { method: 'POST', body })
      const cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
      const asked = { method: 'POST', headers: { cookie }, body: { name: 'Client' } }
      return ((await program.ask('/api/v1/tokens', asked)).json() as { token: string }).token
    },
    async nothingLeft() {
      let left = 'everything'
      const isNothing = async (): Promise<boolean> => {
        left = await whatIsLeft()
        return left === ''
      }
      await until('nothing is left of the client', isNothing, LEFT_WITHIN_MS).catch((error: unknown) => {
        throw new Error(`Left of the client after ${LEFT_WITHIN_MS} ms: ${left}`, { cause: error })
      })
      const forbidden = [...receiver.observe().forbiddenCalls, ...(panel?.observe().forbidden ?? [])]
      if (forbidden.length > 0) throw new Error(`A source would not forgive: ${forbidden.join(', ')}`)
    },
    async [Symbol.asyncDispose]() {
      const { code, ms } = await program.stop()
      await owned.disposeAsync()
      if (code !== 0) throw new Error(`The house ended with ${code} after ${Math.round(ms)} ms:\n${program.printed()}`)
    },
  }
}
