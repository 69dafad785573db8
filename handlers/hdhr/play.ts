import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import { qualityOfProfile, readStreamQuery } from '../../core/hdhr/transcode.ts'
import { parseChannelNumber } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Quality } from '../../core/live/quality.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { Env } from '../env.ts'
import { answerTs } from '../live.ts'
import type { TsWish } from '../live.ts'
import type { HdhrHouse, HdhrPorts, VisitedDevice } from './house.ts'

/** Longest `?duration=`, seconds: a day. */
const LONGEST_SECONDS = 86_400

/**
 * Plays the channel of a number (`v5`, `v5.1`) on a tuner, or on any (null). `?transcode=` is one of the profiles that
 * transcoding devices have, `?duration=` ends the stream after so many seconds.
 *
 * Fails with `lineup/unknown-channel`, `hdhr/*`, `http/bad-request`, `live/*`, `source/*` before a byte is sent.
 */
export async function playOnTuner(
  c: Context<Env>,
  { gateway, house }: { readonly gateway: HdhrPorts; readonly house: HdhrHouse },
  { place, tuner }: { readonly place: string; readonly tuner: number | null },
): Promise<Response> {
  const visited = house.visit(c)
  const channel = findByNumber(visited, place)
  if (tuner !== null && tuner >= visited.tunerCount) throw new Failure('http/not-found', 'There is no such tuner')
  const wish = { channel, mode: 'hdhr', ...readWish(c.req.url, gateway.audioTs) } as const
  if (tuner !== null && c.req.method !== 'HEAD' && !house.tuners(visited).board.claim(tuner, channel.id))
    throw new Failure('hdhr/tuner-in-use', `Another channel is on tuner ${tuner}`, { tuner })
  return answerTs(c, gateway, {
    ...wish,
    headers(): Readonly<Record<string, string>> {
      const number = house.tuners(visited).board.tunerOf(channel.id)
      return number === null ? {} : { 'x-hdhomerun-resource': `tuner${number}` }
    },
  })
}

function findByNumber({ channels }: VisitedDevice, place: string): Channel {
  // `ch{frequency}` names what only an aerial has.
  const [, text = ''] = /^v(.+)$/.exec(place) ?? []
  const number = parseChannelNumber(text)
  const channel = number === null ? undefined : channels.find((one) => one.number === number)
  if (channel === undefined) throw new Failure('lineup/unknown-channel', 'No enabled channel has this number')
  return channel
}

function readWish(url: string, audioTs: HdhrPorts['audioTs']): Pick<TsWish, 'quality' | 'limit'> {
  const query = readStreamQuery(url)
  return { ...readQuality(query, audioTs), ...readLimit(query.get('duration')) }
}

function readQuality(
  query: ReadonlyMap<string, string>,
  audioTs: HdhrPorts['audioTs'],
): { readonly quality?: Quality } {
  const profile = query.get('transcode') ?? ''
  // Without a profile our own parameters count, as for every stream.
  if (profile === '') return {}
  const quality = qualityOfProfile(profile)
  if (quality === null) throw new Failure('hdhr/unknown-profile', 'There is no such profile for "transcode"')
  return { quality: quality === 'original' && audioTs === 'aac' ? 'audio' : quality }
}

function readLimit(text: string | undefined): Pick<TsWish, 'limit'> {
  if (text === undefined || text === '') return {}
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (seconds <= 0)
    throw new Failure('http/bad-request', 'Parameter "duration" should be a number of seconds', {
      parameter: 'duration',
    })
  return { limit: { ms: Math.min(seconds, LONGEST_SECONDS) * 1000, timers: systemTimers } }
}
