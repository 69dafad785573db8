import { join } from 'node:path'
import { resolveFfmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { Command } from '../command.ts'
import { makeDataFolder } from '../data-folder.ts'
import { runHouse } from '../house.ts'
import { assembleLan } from '../lan.ts'
import { readConfig } from '../load-config.ts'
import { StartError } from '../start-error.ts'

const DEFAULT_DATA = join('data', 'demo')

/**
 * `demo`: the whole gateway with a simulated satellite receiver on loopback, which sends real TS made by FFmpeg.
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
  await using receiver = await startReceiver({
    ffmpegPath: ffmpeg.path,
    cacheDir,
    prepareClips: true,
    signal: stopping.signal,
  })
  const source = {
    id: 'demo',
    kind: 'enigma2',
    name: 'Simulated receiver',
    url: receiver.url,
    streamPort: receiver.streamPort,
    relayPort: receiver.relayPort,
    radio: true,
  }
  const config = readConfig({ file: { sources: [source] }, env, options: { ...options, data: dataDir } })
  try {
    return await runHouse(host, config, (log) => assembleLan({ host, config, log }))
  } finally {
    stopping.abort()
  }
}
