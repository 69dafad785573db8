import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import { deviceChannels, devicePath, tunerCount } from '../../core/hdhr/device.ts'
import type { Device, DeviceScope } from '../../core/hdhr/device.ts'
import type { Tuners } from '../../core/hdhr/tuner-desk.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import type { Env } from '../env.ts'
import type { Gateway, SourceStatus } from '../gateway.ts'
import { requestOrigin } from '../origin.ts'
import type { HdhrDesk } from './desk.ts'
import { seenLineup } from '../seen-lineup.ts'

/** What of the gateway virtual tuners need. */
export type HdhrPorts = Pick<
  Gateway,
  | 'hdhr'
  | 'lineup'
  | 'live'
  | 'outlet'
  | 'audioTs'
  | 'status'
  | 'qualities'
  | 'rules'
  | 'publicUrl'
  | 'peerAddress'
  | 'now'
>

/** A device as one request meets it. */
export type VisitedDevice = {
  readonly device: Device
  /** Its address by the way the request came, without a slash at the end; for a token's holder behind the token. */
  readonly root: string
  readonly lineup: LineupIndex
  readonly channels: readonly Channel[]
  readonly sources: readonly SourceStatus[]
  readonly tunerCount: number
}

/** The virtual devices and what runs on them. */
export interface HdhrHouse {
  readonly desk: HdhrDesk
  /**
   * The device that the address names: `/hdhr/source/{id}`, `/hdhr/selection/{id}`, `?selection=`, or that of the socket.
   * Fails with `lineup/unknown-source`, `lineup/unknown-selection`, `lineup/not-ready`.
   */
  visit(c: Context<Env>): VisitedDevice
  /** The device's tuners as of now, with what runs on them. */
  tuners(visited: VisitedDevice): Tuners
}

const MOST_LISTS = 64

/** Makes the house over a gateway that has devices. */
export function createHdhrHouse(gateway: HdhrPorts, desk: HdhrDesk): HdhrHouse {
  // Clients ask again and again, and a line-up may have 100,000 channels.
  const lists = new Map<string, readonly Channel[] | null>()
  const channelsOf = (lineup: LineupIndex, scope: DeviceScope): readonly Channel[] => {
    const view = `${lineup.revision} ${devicePath({ scope })}`
    const known = lists.get(view)
    const channels = known === undefined ? deviceChannels(lineup, scope) : known
    lists.delete(view)
    lists.set(view, channels)
    const [oldest] = lists.keys()
    if (lists.size > MOST_LISTS && oldest !== undefined) lists.delete(oldest)
    if (channels === null) throw new Failure('lineup/unknown-selection', 'There is no such selection')
    return channels
  }

  return {
    desk,
    visit(c) {
      const scope = scopeOf(c, desk)
      const lineup = seenLineup(c, gateway)
      const channels = channelsOf(lineup, scope)
      const enabled = gateway.status.sources().filter(({ state }) => state !== 'disabled')
      const sources = enabled.filter((source) => isOf(source, scope, channels))
      if (scope.kind === 'source' && sources.length === 0)
        throw new Failure('lineup/unknown-source', 'No source has this id', { sourceId: scope.id })
      const device = desk.device(scope, titleOf(scope, lineup, sources))
      const isAlone = desk.scopeOf(c.env) !== null && !c.req.path.includes('/hdhr/')
      return {
        device,
        root: requestOrigin(c, gateway) + c.get('caller').prefix + (isAlone ? '' : devicePath(device)),
        lineup,
        channels,
        sources,
        tunerCount: tunerCount(sources.map(({ slots }) => slots?.total ?? null)),
      }
    },
    tuners: ({ device, sources, tunerCount: count }) =>
      desk.tuners.of(
        device,
        sources.map(({ id }) => id),
        count,
      ),
  }
}

function scopeOf(c: Context<Env>, desk: HdhrDesk): DeviceScope {
  const kind = c.req.param('kind')
  const id = c.req.param('id') ?? ''
  if (kind === 'source') return { kind, id: sourceId(id) }
  if (kind === 'selection') return { kind, id }
  const selection = c.req.query('selection') ?? ''
  if (selection !== '') return { kind: 'selection', id: selection }
  return desk.scopeOf(c.env) ?? { kind: 'all' }
}

/** The sources that channels of the device may take a slot of. */
function isOf(source: SourceStatus, scope: DeviceScope, channels: readonly Channel[]): boolean {
  if (scope.kind === 'all') return true
  if (scope.kind === 'source') return source.id === scope.id
  return channels.some(({ streams }) => streams.some(({ sourceId: id }) => id === source.id))
}

function titleOf(scope: DeviceScope, lineup: LineupIndex, sources: readonly SourceStatus[]): string | null {
  switch (scope.kind) {
    case 'all':
      return null
    case 'source':
      return sources[0]?.name ?? scope.id
    case 'selection':
      return lineup.selections?.find(({ id }) => id === scope.id)?.name ?? scope.id
    default:
      return scope satisfies never
  }
}
