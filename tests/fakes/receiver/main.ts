import process from 'node:process'
import { demoModel, findFfmpeg, startReceiver, testCacheDir } from './index.ts'

// Starts a receiver by hand: `node tests/fakes/receiver/main.ts [--tiny]`. Prints one line of JSON with its ports.
const ffmpegPath = findFfmpeg()
if (ffmpegPath === null) throw new Error('Cannot find FFmpeg: set FFMPEG_PATH or put ffmpeg on PATH')
const receiver = await startReceiver({
  ffmpegPath,
  cacheDir: testCacheDir,
  model: demoModel({ clips: process.argv.includes('--tiny') ? 'tiny' : 'full' }),
  prepareClips: true,
  log: (event, details) => console.error(JSON.stringify({ event, ...details })),
})
const { url, webPort, streamPort, relayPort } = receiver
console.log(JSON.stringify({ url, webPort, streamPort, relayPort, first: receiver.model.services[0]?.ref }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    receiver[Symbol.asyncDispose]().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
