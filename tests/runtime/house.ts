import process from 'node:process'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../fakes/receiver/index.ts'
import type { Receiver, ReceiverOptions } from '../fakes/receiver/index.ts'
import { startProgram, until } from './program.ts'
import type { Program, ProgramOptions } from './program.ts'

/** For `describe(name, { skip })`: why tests with a moving picture cannot run; false: they can. */
export function noFfmpeg(): string | false {
  return findFfmpeg() === null && process.env['CI'] !== 'true' ? '"ffmpeg" is not installed' : false
}

/** A simulated receiver with clips that are made in a moment; nothing takes longer than it must. */
export function startTestReceiver(options: Partial<ReceiverOptions> = {}): Promise<Receiver> {
  return startReceiver({
    ffmpegPath: findFfmpeg() ?? 'ffmpeg',
    cacheDir: testCacheDir,
    model: demoModel({ clips: 'tiny' }),
    timing: quickTiming,
    ...options,
  })
}

/** The receiver as `downlink.yaml` names it. */
export const sourceOf = (
  receiver: Pick<Receiver, 'url' | 'streamPort' | 'relayPort'>,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  id: 'box',
  kind: 'enigma2',
  name: 'Box',
  url: receiver.url,
  streamPort: receiver.streamPort,
  relayPort: receiver.relayPort,
  radio: true,
  ...more,
})

/** The program with one receiver, its line-up read and its guide filled. */
export async function startHouse(
  receiver: Receiver,
  { config = {}, source = {}, waitForGuide = true, ...options }: HouseOptions = {},
): Promise<Program> {
  const program = await startProgram({ ...options, config: { ...config, sources: [sourceOf(receiver, source)] } })
  await ready(program)
  if (waitForGuide) await program.line('guide-refreshed', (line) => line['fetched'] !== 0)
  return program
}

/** What a house is started with; `config` without its sources. */
export type HouseOptions = Omit<ProgramOptions, 'config'> & {
  readonly config?: Readonly<Record<string, unknown>>
  readonly source?: Readonly<Record<string, unknown>>
  /** Whether to wait until the guide was asked for; default: true. */
  readonly waitForGuide?: boolean
}

/** Waits until `/readyz` says so. */
export async function ready(program: Program): Promise<void> {
  await until('/readyz says ok', async () => (await program.ask('/readyz')).status === 200)
}

/** A stream of `/api/status`, as far as the tests look at it. */
export type StreamSeen = {
  readonly channelId: string
  readonly channelName: string
  readonly state: string
  readonly viewers: readonly {
    readonly id: string
    readonly mode: string
    readonly user: string | null
    readonly address: string
  }[]
}

/** A source of `/api/status`. */
export type SourceSeen = {
  readonly id: string
  readonly state: string
  readonly channels: number
  readonly slots: { readonly total: number; readonly used: number } | null
  readonly lastRefresh: string | null
  readonly problem: { readonly code: string } | null
}

/** The full status, asked on loopback. */
export async function statusOf(program: Pick<Program, 'ask'>): Promise<{
  readonly version: string
  readonly runtime: string
  readonly uptimeSeconds: number
  readonly sources: readonly SourceSeen[]
  readonly streams: readonly StreamSeen[]
  readonly notices: readonly string[]
}> {
  const answer = await program.ask('/api/status')
  if (answer.status !== 200) throw new Error(`/api/status answers ${answer.status}`)
  return answer.json() as Awaited<ReturnType<typeof statusOf>>
}
