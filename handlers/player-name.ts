import type { Context } from 'hono'

const LONGEST_PLAYER = 200

/** What the player calls itself: two players behind one address are two viewers. */
export const playerOf = (c: Context): string => (c.req.header('user-agent') ?? '').slice(0, LONGEST_PLAYER)
