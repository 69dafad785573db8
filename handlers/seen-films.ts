import type { Context } from 'hono'
import type { VodDesk } from '../core/lineup/vod-desk.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { viewOf } from './seen-lineup.ts'

/** The films and series that the caller sees; null: there are none here. */
export const seenFilms = (c: Context<Env>, { vod }: Pick<Gateway, 'vod'>): VodDesk | null =>
  vod === null ? null : vod.seenBy(viewOf(c.get('caller')))
