import { join } from 'node:path'
import { resolveFfmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { Command } from '../command.ts'
import { makeDataFolder } from '../data-folder.ts'
import { runHouse } from '../house.ts'
import { assembleLan } from '../lan.ts'
import { readConfig } from '../load-config.ts'
import { StartError } from '../start-error.ts'

const DEFAULT_DATA = join('data', 'demo')

/** How often the simulated sources are asked what they did not like. */
const WATCH_MS = 1000

/**
 * `demo`: the whole gateway with a simulated satellite receiver on loopback, which sends real TS made by FFmpeg, and a
 * channel made of a folder of short films; with
 * `--with-providers` a Stalker portal, an Xtream panel and a channel list as well. What such a source would not forgive is
 * logged as a warning.
 *
 * Neither `downlink.yaml` nor the data folder of the real house is touched.
 */
export const demo: Command = async ({ host, options }) => {
  const dataDir = options['data'] ?? process.env['DOWNLINK_DATA'] ?? DEFAULT_DATA
  const cacheDir = join(dataDir, 'clips')
  const { DOWNLINK_E2_URL: _, ...env } = process.env
  const asked = readConfig({ file: null, env, options: { ...options, data: dataDir } })
  makeDataFolder(dataDir)
  const ffmpeg = await resolveFfmpeg({ configured: asked.ffmpeg.path, log: () => {} })
  if (ffmpeg.path === null)
    throw new StartError(
      'The demo makes its pictures with FFmpeg, and there is none: install ffmpeg, or set FFMPEG_PATH',
    )

  // Loaded here only: a real house never carries the simulator in memory.
  const { startReceiver } = await import('../../tests/fakes/receiver/index.ts')
  const stopping = new AbortController()
  const { makeFilms } = await import('../../tests/fakes/films/index.ts')
  const films = join(dataDir, 'films')
  const [made] = await Promise.all([
    startReceiver({ ffmpegPath: ffmpeg.path, cacheDir, prepareClips: true, signal: stopping.signal }),
    makeFilms(ffmpeg.path, films, stopping.signal),
  ])
  await using receiver = made
  await using providers =
    options['with-providers'] === undefined ? null : await startProviders(ffmpeg.path, cacheDir, stopping.signal)
  const source = {
    id: 'demo',
    kind: 'enigma2',
    name: 'Simulated receiver',
    url: receiver.url,
    streamPort: receiver.streamPort,
    relayPort: receiver.relayPort,
    radio: true,
  }
  const config = readConfig({
    file: { sources: [source, ownChannel(films), ...(providers?.sources ?? [])] },
    env,
    options: { ...options, data: dataDir },
  })
  let watch: ReturnType<typeof setInterval> | undefined
  try {
    return await runHouse(host, config, (surroundings) => {
      const { log } = surroundings
      let told = 0
      watch = setInterval(() => {
        const { forbiddenCalls } = receiver.observe()
        for (const what of forbiddenCalls.slice(told)) log('warn', 'demo-forbidden-call', { sourceId: source.id, what })
        told = forbiddenCalls.length
        for (const call of providers?.takeForbidden() ?? []) log('warn', 'demo-forbidden-call', call)
      }, WATCH_MS)
      return assembleLan({ host, config, configFile: null, ...surroundings })
    })
  } finally {
    clearInterval(watch)
    stopping.abort()
  }
}

/** A folder of films, and a channel of it that never ends. */
const ownChannel = (path: string) => ({
  id: 'films',
  kind: 'media',
  name: 'Folder of films',
  path,
  channels: [
    {
      id: 'own',
      name: 'Own Channel',
      number: '900',
      group: 'Own',
      // Its pieces are so short that months of them would be long to plan.
      anchorDay: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10),
      house: { width: 640, height: 360, videoKbps: 1000 },
      pools: [
        { id: 'programmes', query: { kinds: ['film', 'episode'] }, mode: 'rotate' },
        { id: 'idents', query: { kinds: ['filler'] } },
      ],
      bumpers: { before: 'idents' },
    },
  ],
})

async function startProviders(ffmpegPath: string, cacheDir: string, signal: AbortSignal) {
  const providers = await import('../../tests/fakes/providers/index.ts')
  return providers.startProviders({ ffmpegPath, cacheDir, signal })
}
