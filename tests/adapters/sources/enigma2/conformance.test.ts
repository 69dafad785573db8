import { after } from 'node:test'
import { eventually, testSourceDriver } from '../../../conformance/source.ts'
import type { SourceSubject } from '../../../conformance/source.ts'
import { demoModel, nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import { findFfmpeg, skipWithoutFfmpeg, testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import type { Receiver, ReceiverModel } from '../../../fakes/receiver/index.ts'
import { aConfig, aSource, createTestLog } from './receiver.ts'

const skipStreams = skipWithoutFfmpeg()
const PASSWORD = 'swordfish & chips'

/** Subjects of one receiver, which starts with the first of them and is the same for all. */
function subjectsOf(model: () => ReceiverModel, keys: { plays: string; refuses: string; silent: string }) {
  let started: Promise<Receiver> | null = null
  after(async () => void (await (await started)?.[Symbol.asyncDispose]()))
  const start = async (): Promise<Receiver> => {
    const receiver = await startReceiver({
      ffmpegPath: findFfmpeg() ?? '/nonexistent/ffmpeg',
      cacheDir: testCacheDir,
      model: model(),
      timing: quickTiming,
      settings: { webAuth: true, streamingAuth: true, authForStreaming: true, password: PASSWORD },
    })
    receiver.faults.stream(keys.refuses, { kind: 'refuse' })
    receiver.faults.stream(keys.silent, { kind: 'hang' })
    return receiver
  }
  return async (): Promise<SourceSubject> => {
    const receiver = await (started ??= start())
    const { log, lines } = createTestLog()
    const settings = { url: receiver.url, username: 'root', password: PASSWORD, radio: true }
    const driver = aSource(aConfig(settings), { log })
    const openStreams = (): number => receiver.observe().socketsPerPort.stream + receiver.observe().socketsPerPort.relay
    return {
      ...keys,
      driver,
      skipStreams,
      guideChannel: '1:3EF:132F',
      now: Date.now(),
      secrets: [PASSWORD, Buffer.from(`root:${PASSWORD}`).toString('base64'), 'do-not-store-me', '-sid', '/live/u/p/'],
      logged: () => JSON.stringify(lines),
      openStreams,
      endStreams: () => void receiver.kickStreams(),
      async [Symbol.asyncDispose]() {
        await driver[Symbol.asyncDispose]()
        await eventually(() => openStreams() === 0, 'all streams closed')
      },
    }
  }
}

testSourceDriver(
  'Enigma2 receiver',
  subjectsOf(() => demoModel({ clips: 'tiny' }), {
    plays: '1:0:19:132F:3EF:1:C00000:0:0:0:',
    refuses: '1:0:19:2B66:45B:1:C00000:0:0:0:',
    silent: '1:0:19:1330:3EF:1:C00000:0:0:0:',
  }),
)

testSourceDriver(
  'nasty Enigma2 receiver',
  subjectsOf(nastyModel, {
    plays: '1:0:19:132F:3EF:1:C00000:0:0:0:',
    refuses: '1:0:19:2B66:45B:1:C00000:0:0:0:',
    silent: '1:0:1:2B67:45B:1:C00000:0:0:0:',
  }),
)
