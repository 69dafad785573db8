import { access, constants, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createEncoderLadder } from '../../adapters/ffmpeg/encoder-ladder.ts'
import { resolveFfmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { encoderTitle } from '../../adapters/ffmpeg/video-encoder.ts'
import { defaultLimit } from '../../adapters/lan/transcode-desk.ts'
import { openLeases } from '../../adapters/leases/registry.ts'
import { createSource } from '../../adapters/sources/registry.ts'
import { systemRandom } from '../../core/access/random.ts'
import { asFailure } from '../../core/errors.ts'
import type { ListenAddress } from '../../core/config.ts'
import type { Finding as HouseFinding } from '../../core/system/system-desk.ts'
import type { Command } from '../command.ts'
import { callControlSocket, controlPath } from '../control-socket.ts'
import { frontNotices } from '../edge.ts'
import { houseKeys } from '../keys.ts'
import { listenOn } from '../listen-address.ts'
import { loadConfig } from '../load-config.ts'
import type { HouseConfig } from '../load-config.ts'
import { checkFfmpeg, checkTuner } from '../system/checks.ts'
import { VERSION } from '../version.ts'

const SOURCE_TIMEOUT_MS = 60_000

/** A thing that was looked at, in words: the command line speaks English. */
type Finding = { readonly what: string; readonly well: boolean; readonly detail: string; readonly advice?: string }

const inWords = ({ what, well, detail, advice }: HouseFinding): Finding => ({
  what: what.text,
  well,
  detail: detail.text,
  ...(advice !== null && { advice: advice.text }),
})

/** Tries what the house would use for `?quality=720p` and `480p`. */
async function checkEncoder(ffmpeg: Ffmpeg, { transcode }: HouseConfig): Promise<Finding> {
  const what = 'Encoder of pictures'
  await using ladder = createEncoderLadder({ ffmpeg, hardware: transcode.hardware, log: () => {}, now: Date.now })
  await ladder.ready
  const encoder = ladder.current()
  const isOther = encoder?.kind === 'software' && transcode.hardware !== 'auto' && transcode.hardware !== 'none'
  const [advice] = encoder === null || isOther ? ladder.notices() : []
  const limit =
    encoder === null ? 0 : (transcode.limit ?? defaultLimit(availableParallelism(), encoder.kind !== 'software'))
  return {
    what,
    well: encoder !== null && !isOther,
    detail: encoder === null ? 'none' : `${encoderTitle(encoder)}, at most ${limit} at a time`,
    ...(advice === undefined ? {} : { advice: advice.text }),
  }
}

async function checkDataDir({ dataDir }: HouseConfig): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
    return { what: 'Data folder', well: true, detail: dataDir }
  } catch {
    return {
      what: 'Data folder',
      well: false,
      detail: `${dataDir} cannot be written`,
      advice: 'Choose another with --data, or mend its rights',
    }
  }
}

async function checkPort(address: ListenAddress, isOurs: boolean): Promise<Finding> {
  const what = `Port ${address.port}`
  if (isOurs) return { what, well: true, detail: 'a running downlink of this data folder has it' }
  const server = createServer()
  try {
    await listenOn(
      address,
      (host) =>
        new Promise<void>((resolve, reject) => {
          server.once('error', reject)
          server.listen(address.port, host, resolve)
        }),
    )
    return { what, well: true, detail: 'free' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return {
      what,
      well: false,
      detail: `cannot be had (${code})`,
      advice: 'Stop the program that has it, or choose another with --listen',
    }
  } finally {
    server.close()
  }
}

async function checkSource(source: HouseConfig['sources'][number], isServed: boolean): Promise<Finding> {
  const what = `Source "${source.name}"`
  if (!source.enabled) return { what, well: true, detail: 'switched off' }
  // A portal takes a second sign-in of a MAC for another box, and ends the streams of the first.
  if (isServed && source.kind === 'stalker')
    return { what, well: true, detail: 'in use by the running downlink, whose status page tells more' }
  await using driver = createSource(source, { log: () => {}, now: Date.now })
  try {
    const { items, groups } = await driver.catalogue(AbortSignal.timeout(SOURCE_TIMEOUT_MS))
    const slots = driver.slots()
    const tuners =
      slots === null ? 'no known limit of streams' : `${slots} different transponders or connections at a time`
    return { what, well: items.length > 0, detail: `${items.length} channels in ${groups.length} groups, ${tuners}` }
  } catch (error) {
    const failure = asFailure(error, 'source/unreachable', 'It does not answer')
    return {
      what,
      well: false,
      detail: failure.message,
      ...(failure.kind.advice ? { advice: failure.kind.advice } : {}),
    }
  }
}

/** Leases of several machines are compared with one another: half a seat's time is the most that clocks may differ. */
const MOST_APART_MS = 5000

async function checkLeases(config: HouseConfig): Promise<Finding> {
  const what = 'Seats of people'
  const { url } = config.leases
  if (url === null) return { what, well: true, detail: 'counted by this process alone ("leases.url" is not set)' }
  try {
    const ring = await houseKeys(config)
    const call = (address: string, init: RequestInit): Promise<Response> => fetch(address, init)
    await using leases = await openLeases(url, { ring, random: systemRandom, fetch: call, now: Date.now })
    const { product, aheadMs } = await leases.check()
    const isApart = Math.abs(aheadMs) > MOST_APART_MS
    const seconds = Math.round(Math.abs(aheadMs) / 1000)
    return {
      what,
      well: !isApart,
      detail: isApart
        ? `${product}, whose clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ours`
        : `shared by ${product}`,
      ...(isApart && { advice: 'Let all machines take their time from the network (NTP)' }),
    }
  } catch (error) {
    const failure = asFailure(error, 'access/no-leases', 'The store of leases cannot be asked')
    return { what, well: false, detail: failure.message, advice: 'Look at "leases.url" (DOWNLINK_LEASES_URL)' }
  }
}

/** `doctor`: looks at what a house needs and says what to do. Exit code 0: all well, 1: something is not. */
export const doctor: Command = async ({ host, options }) => {
  const config = loadConfig(options)
  const socket = controlPath(config.dataDir)
  const running =
    socket !== null &&
    existsSync(socket) &&
    (await callControlSocket(socket, { command: 'token/list', args: {} }).catch(() => null)) !== null
  const findings: Finding[] = [
    { what: 'downlink', well: true, detail: `${VERSION} on ${host.name} ${host.version}, role ${config.role}` },
  ]
  if (config.role !== 'gateway') {
    const ffmpeg = await resolveFfmpeg({ configured: config.ffmpeg.path, log: () => {} })
    findings.push(inWords(checkFfmpeg(ffmpeg)))
    if (ffmpeg.path !== null) findings.push(await checkEncoder(ffmpeg, config))
    findings.push(await checkDataDir(config))
  }
  for (const address of config.listen) findings.push(await checkPort(address, running))
  if (config.role === 'all') findings.push(inWords(checkTuner(config)))
  if (config.role !== 'gateway' || config.leases.url !== null) findings.push(await checkLeases(config))
  for (const source of config.sources) findings.push(await checkSource(source, running))
  if (config.sources.length === 0 && config.role === 'all')
    findings.push({
      what: 'Sources',
      // The store of a running program cannot be looked into.
      well: running,
      detail: 'none in the configuration; those that were added while it ran are not looked at',
      ...(!running && { advice: 'Add one while it runs, write it into downlink.yaml or set DOWNLINK_E2_URL' }),
    })
  const { adapterUrl, sites } = config.links
  for (const notice of frontNotices(config, adapterUrl === null ? sites : [{ adapterUrl }]))
    findings.push({ what: 'Links', well: false, detail: notice.text })
  if (config.access.anonymous === 'none' && config.admin.password === null && config.role === 'gateway')
    findings.push({
      what: 'Sign-in',
      well: true,
      detail: 'viewing links only: no admin password is set for this front',
    })

  for (const { what, well, detail, advice } of findings)
    process.stdout.write(`${well ? 'ok   ' : 'WRONG'}  ${what}: ${detail}${advice ? `\n       ${advice}` : ''}\n`)
  return findings.every(({ well }) => well) ? 0 : 1
}
