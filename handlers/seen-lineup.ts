import type { Context } from 'hono'
import type { Caller } from '../core/access/caller.ts'
import type { LineupIndex, View } from '../core/lineup/lineup.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'

/** What of the line-up a caller sees; undefined: all of it. Who looks after the house sees what is in it. */
export const viewOf = ({ role, person }: Pick<Caller, 'role' | 'person'>): View | undefined =>
  role === 'admin' ? undefined : person?.limits

/** The line-up as the caller sees it. Fails with `lineup/not-ready`. */
export const seenLineup = (c: Context<Env>, { lineup }: Pick<Gateway, 'lineup'>): LineupIndex =>
  lineup.current(viewOf(c.get('caller')))
