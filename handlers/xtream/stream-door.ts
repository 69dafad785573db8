import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Env } from '../env.ts'
import type { Pair } from './call.ts'
import type { XtreamHouse } from './house.ts'
import { findViewer } from './viewer.ts'

/** What the last segment of a live address looks like in a route: `4711`, `4711.ts`, `4711.m3u8`. */
export const LIVE_FILE = '{\\d{1,10}(?:\\.(?:ts|m3u8))?}'

/** Name and password in the path. */
export const pairIn = (c: Context<Env>): Pair => ({
  username: c.req.param('user') ?? '',
  password: c.req.param('password') ?? '',
})

/** Lets in who signs in, and leaves it as `c.get('caller')`. Fails with `access/wrong-password`, `access/throttled`. */
export async function enter(c: Context<Env>, house: XtreamHouse, pair: Pair = pairIn(c)): Promise<void> {
  if ((await findViewer(c, house.gateway, pair)) === null)
    throw new Failure('access/wrong-password', 'Name and password do not belong together')
}

/** The channel of a number, if the caller may watch it. Fails with `lineup/unknown-channel`. */
export function findLive(c: Context<Env>, house: XtreamHouse, key: string): Channel {
  const channel = house.channel(c.get('caller'), key)
  if (channel === null) throw new Failure('lineup/unknown-channel', 'No channel has this number')
  return channel
}

/** The number and the form that a file name asks for. */
export const readFile = (file: string) => ({ key: file.replace(/\..*$/, ''), isHls: file.endsWith('.m3u8') })

/** A pair as two segments of a path. */
export const pairPath = ({ username, password }: Pair): string =>
  `${encodeURIComponent(username)}/${encodeURIComponent(password)}`

/** The way to the folder that HLS of a pair is in, from a playlist so many folders deep. */
export const hlsRoot = (depth: number, pair: Pair): string => `${'../'.repeat(depth)}live/${pairPath(pair)}/`
