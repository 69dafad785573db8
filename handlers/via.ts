import type { Context } from 'hono'
import type { ViewerMode } from '../core/live/hub.ts'
import type { Env } from './env.ts'

/** By which face of a front a viewer came who is here by a signed link (`via=`); the parameter of anybody else says nothing. */
export const viaFront = (c: Context<Env>): { readonly mode?: ViewerMode } =>
  c.get('caller').kind === 'link' && c.req.query('via') === 'xtream' ? { mode: 'xtream' } : {}
