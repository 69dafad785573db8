import type { SessionAnswer } from '../api/answers.ts'
import type { IconName } from '../parts/icon.tsx'
import { words } from './words.ts'

/** Parts of the navigation, from top to bottom. */
export const SECTIONS = ['view', 'lineup', 'running', 'house'] as const

/** A place one can go to by the navigation and by the command key. */
export type Place = {
  /** The gateway's own path. */
  readonly path: string
  readonly name: () => string
  readonly icon: IconName
  readonly section: (typeof SECTIONS)[number]
  /** Whom it is for: everybody, people who may watch, the owner where one can work (a front has no desk), everybody else. */
  readonly needs: 'nothing' | 'watching' | 'admin' | 'no-desk'
  /** In the bar at the bottom of a phone; the others are below "More". At most four. */
  readonly phone: boolean
}

/**
 * Every place of the product that exists, in the order of the navigation. A new page adds its line here, its route in
 * `app.tsx`, and its path in `handlers/ui.ts`.
 */
export const PLACES: readonly Place[] = [
  { path: '/', name: () => words().places.watch, icon: 'tv', section: 'view', needs: 'nothing', phone: true },
  {
    path: '/guide',
    name: () => words().places.guide,
    icon: 'guide',
    section: 'view',
    needs: 'watching',
    phone: true,
  },
  {
    path: '/movies',
    name: () => words().places.films,
    icon: 'film',
    section: 'view',
    needs: 'watching',
    phone: false,
  },
  {
    path: '/series',
    name: () => words().places.series,
    icon: 'list',
    section: 'view',
    needs: 'watching',
    phone: false,
  },
  {
    path: '/channels',
    name: () => words().places.channels,
    icon: 'list',
    section: 'lineup',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/groups',
    name: () => words().places.groups,
    icon: 'group',
    section: 'lineup',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/schedules',
    name: () => words().places.schedules,
    icon: 'play',
    section: 'lineup',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/sources',
    name: () => words().places.sources,
    icon: 'antenna',
    section: 'lineup',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/status',
    name: () => words().places.status,
    icon: 'pulse',
    section: 'running',
    needs: 'no-desk',
    phone: true,
  },
  {
    path: '/streams',
    name: () => words().places.streams,
    icon: 'play',
    section: 'running',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/dashboard',
    name: () => words().places.dashboard,
    icon: 'gauge',
    section: 'running',
    needs: 'admin',
    phone: true,
  },
  {
    path: '/alerts',
    name: () => words().places.alerts,
    icon: 'bell',
    section: 'running',
    needs: 'admin',
    phone: false,
  },
  {
    path: '/users',
    name: () => words().places.users,
    icon: 'users',
    section: 'house',
    needs: 'admin',
    phone: false,
  },
  { path: '/log', name: () => words().places.logs, icon: 'log', section: 'house', needs: 'admin', phone: false },
  {
    path: '/system',
    name: () => words().places.system,
    icon: 'gear',
    section: 'house',
    needs: 'admin',
    phone: false,
  },
]

/** The places that somebody may go to. */
export function placesFor(session: Pick<SessionAnswer, 'role' | 'mayWatch' | 'desk'> | null): readonly Place[] {
  const mayWork = session?.role === 'admin' && session.desk
  const may = { nothing: true, watching: session?.mayWatch === true, admin: mayWork, 'no-desk': !mayWork }
  return PLACES.filter(({ needs }) => may[needs])
}
