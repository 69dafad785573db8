import { ErrorBoundary, LocationProvider, Route, Router, lazy } from 'preact-iso'
import type { House } from './api/house.ts'
import { HouseContext } from './api/house.ts'
import type { Events } from './live/events.ts'
import { EventsContext } from './live/use-events.ts'
import { HomePage } from './pages/home.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { Waiting } from './parts/waiting.tsx'

const PlayerPage = lazy(() => import('./pages/player.tsx').then((file) => file.PlayerPage))
const StatusPage = lazy(() => import('./pages/status.tsx').then((file) => file.StatusPage))
const SetupPage = lazy(() => import('./pages/setup.tsx').then((file) => file.SetupPage))

// Links to anything else (playlists, streams) belong to the browser.
const PAGES = /^\/(?:$|\?|setup\b|status\b|player\/)/

/** All pages below the house they talk to. */
export function App({ house, events }: { house: House; events: Events }) {
  return (
    <HouseContext.Provider value={house}>
      <EventsContext.Provider value={events}>
        <LocationProvider scope={PAGES}>
          <ErrorBoundary>{house.session.value === null ? <Arrival house={house} /> : <Pages />}</ErrorBoundary>
        </LocationProvider>
      </EventsContext.Provider>
    </HouseContext.Provider>
  )
}

function Pages() {
  return (
    <Router>
      <Route path="/" component={HomePage} />
      <Route path="/player/:sourceId/:channelId" component={PlayerPage} />
      <Route path="/status" component={StatusPage} />
      <Route path="/setup" component={SetupPage} />
      <Route default component={NotFoundPage} />
    </Router>
  )
}

function Arrival({ house }: { house: House }) {
  const problem = house.problem.value
  return (
    <main class="arrival">
      {problem === null ? (
        <Waiting what="Asking the gateway" />
      ) : (
        <ProblemNote problem={problem} onRetry={() => void house.reload()} />
      )}
    </main>
  )
}
