import { existsSync } from 'node:fs'
import { settleSwap } from '../adapters/backup/house-swap.ts'
import { openStore } from '../adapters/store/open-store.ts'
import type { TokenDesk } from '../core/access/house.ts'
import type { PeopleDesk } from '../core/access/people.ts'
import type { ShortLinkDesk } from '../core/access/short-link.ts'
import { runChannelCommand } from './channel-commands.ts'
import type { ChannelDesk } from './channel-commands.ts'
import { restingChannels } from './resting-channels.ts'
import { callControlSocket, controlPath } from './control-socket.ts'
import type { ControlRequest } from './control-socket.ts'
import { makeDataFolder } from './data-folder.ts'
import { houseKeys } from './keys.ts'
import { reachableUrls } from './listen-address.ts'
import type { HouseConfig } from './load-config.ts'
import { createPeople } from './people.ts'
import { publisherKey } from './publishing.ts'
import { runTokenCommand } from './token-commands.ts'
import type { HouseAddresses } from './token-commands.ts'
import { runUserCommand } from './user-commands.ts'

/** Where the commands of a house are carried out. */
export type CommandDesks = {
  readonly tokens: TokenDesk
  readonly shortLinks: ShortLinkDesk
  readonly desk: PeopleDesk
  /** Channels of one's own. */
  readonly channels: ChannelDesk
  /** The public key with which this house publishes. */
  readonly publisherId: () => Promise<string>
}

/** Carries out a command of the command line, whatever it is about. Fails with `http/bad-request` for an unknown one. */
export async function runHouseCommand(
  { tokens, shortLinks, desk, channels, publisherId }: CommandDesks,
  addresses: HouseAddresses,
  request: ControlRequest,
): Promise<unknown> {
  if (request.command === 'publisher/show') return { publicKey: await publisherId() }
  if (request.command.startsWith('channel/')) return runChannelCommand(channels, request)
  return request.command.startsWith('user/')
    ? runUserCommand(desk, request)
    : runTokenCommand({ tokens, shortLinks }, addresses, request)
}

/** Asks the running server of a data folder; null: none runs there. */
export async function askRunningHouse(
  { dataDir }: Pick<HouseConfig, 'dataDir'>,
  request: ControlRequest,
  timeoutMs?: number,
): Promise<{ readonly result: unknown } | null> {
  const path = controlPath(dataDir)
  return path !== null && existsSync(path) ? await callControlSocket(path, request, timeoutMs) : null
}

/** Asks the running server, or opens the data folder under its lock when none runs. */
export async function askHouse(config: HouseConfig, request: ControlRequest): Promise<unknown> {
  const answer = await askRunningHouse(config, request)
  if (answer !== null) return answer.result
  makeDataFolder(config.dataDir)
  settleSwap(config.dataDir, { isStart: false })
  await using store = await openStore(config.dataDir, { now: Date.now, log: () => {} })
  const people = createPeople({ config, ring: await houseKeys(config), store, now: Date.now })
  const { role, publicUrl, listen } = config
  const own = listen.flatMap(reachableUrls).map((url) => url.replace(/\/$/, ''))
  const publisherId = async (): Promise<string> => (await publisherKey(store.settings)).id
  const channels = restingChannels(config, store)
  return await runHouseCommand({ ...people, channels, publisherId }, { role, publicUrl, own }, request)
}
