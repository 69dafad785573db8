import { ErrorBoundary, LocationProvider, Route, Router, lazy } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { at } from './api/base.ts'
import type { House } from './api/house.ts'
import { HouseContext } from './api/house.ts'
import type { Events } from './live/events.ts'
import { EventsContext } from './live/use-events.ts'
import { HomePage } from './pages/home.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { ToastsContext, createToasts } from './parts/toast.tsx'
import { Waiting } from './parts/waiting.tsx'
import { Frame } from './shell/frame.tsx'
import { words } from './pages/words.ts'
import { WatchingContext, createWatching } from './watching/watching.ts'
import { WatchingSlot } from './watching/watching-slot.tsx'

const PlayerPage = lazy(() => import('./pages/player.tsx').then((file) => file.PlayerPage))
const GuidePage = lazy(() => import('./pages/guide.tsx').then((file) => file.GuidePage))
const FilmsPage = lazy(() => import('./pages/films.tsx').then((file) => file.FilmsPage))
const UsersPage = lazy(() => import('./pages/users.tsx').then((file) => file.UsersPage))
const StreamsPage = lazy(() => import('./pages/streams.tsx').then((file) => file.StreamsPage))
const DashboardPage = lazy(() => import('./pages/dashboard.tsx').then((file) => file.DashboardPage))
const AlertsPage = lazy(() => import('./pages/alerts.tsx').then((file) => file.AlertsPage))
const SourcesPage = lazy(() => import('./pages/sources.tsx').then((file) => file.SourcesPage))
const LogsPage = lazy(() => import('./pages/logs.tsx').then((file) => file.LogsPage))
const SystemPage = lazy(() => import('./pages/system.tsx').then((file) => file.SystemPage))
const StatusPage = lazy(() => import('./pages/status.tsx').then((file) => file.StatusPage))
const ChannelsPage = lazy(() => import('./pages/channels.tsx').then((file) => file.ChannelsPage))
const GroupsPage = lazy(() => import('./pages/groups.tsx').then((file) => file.GroupsPage))
const SchedulesPage = lazy(() => import('./pages/schedules.tsx').then((file) => file.SchedulesPage))
const SetupPage = lazy(() => import('./pages/setup.tsx').then((file) => file.SetupPage))

/** The pages by their paths, fixed ones before those with parameters. A new page adds its line, and one in `shell/places.ts`. */
const PAGES = [
  ['/', HomePage],
  ['/guide', GuidePage],
  ['/movies', FilmsPage],
  ['/series', FilmsPage],
  ['/player/:sourceId/:channelId', PlayerPage],
  ['/channels', ChannelsPage],
  ['/groups', GroupsPage],
  ['/schedules', SchedulesPage],
  ['/schedules/:id', SchedulesPage],
  ['/streams', StreamsPage],
  ['/dashboard', DashboardPage],
  ['/alerts', AlertsPage],
  ['/sources', SourcesPage],
  ['/status', StatusPage],
  ['/users', UsersPage],
  ['/log', LogsPage],
  ['/system', SystemPage],
  ['/setup', SetupPage],
] as const

/** Fetches the page of an address while the house is still asked who is there; one that does not come is asked for again when it is shown. */
export function preloadPage(path: string): void {
  const [, page] =
    PAGES.find(([pattern]) => {
      const [fixed = pattern] = pattern.split('/:')
      return path === at(pattern) || (fixed !== pattern && path.startsWith(`${at(fixed)}/`))
    }) ?? []
  if (page !== undefined && 'preload' in page) page.preload().catch(() => {}) // whoever shows it hears of it
}

// Links to anything else (playlists, streams) belong to the browser.
const SCOPE = new RegExp(
  `^${literally(at(''))}(?:/?(?:$|[?#])|(?:${PAGES.flatMap(([path]) => (path === '/' ? [] : [literally(path.split('/:')[0] ?? path)])).join('|')})(?:$|[/?#]))`,
)

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** All pages below the house they talk to. */
export function App({ house, events }: { house: House; events: Events }) {
  const toasts = useMemo(createToasts, [])
  const watching = useMemo(createWatching, [])
  return (
    <HouseContext.Provider value={house}>
      <EventsContext.Provider value={events}>
        <ToastsContext.Provider value={toasts}>
          <WatchingContext.Provider value={watching}>
            <LocationProvider scope={SCOPE}>
              <ErrorBoundary>{house.session.value === null ? <Arrival house={house} /> : <Pages />}</ErrorBoundary>
            </LocationProvider>
          </WatchingContext.Provider>
        </ToastsContext.Provider>
      </EventsContext.Provider>
    </HouseContext.Provider>
  )
}

function Pages() {
  return (
    <>
      <Frame>
        <Router>
          {PAGES.map(([path, Page]) => (
            <Route key={path} path={at(path)} component={Page} />
          ))}
          <Route default component={NotFoundPage} />
        </Router>
      </Frame>
      <WatchingSlot />
    </>
  )
}

function Arrival({ house }: { house: House }) {
  const problem = house.problem.value
  return (
    <main class="arrival">
      {problem === null ? (
        <Waiting what={words().asking} />
      ) : (
        <ProblemNote problem={problem} onRetry={() => void house.reload()} />
      )}
    </main>
  )
}
