import { effect } from '@preact/signals'
import { render } from 'preact'
import { createHouse } from './api/house.ts'
import { App, preloadPage } from './app.tsx'
import { createEvents } from './live/events.ts'
import { lineHere } from './live/open.ts'
import { applyTheme, storedTheme } from './parts/theme.ts'
import { applyLanguage, wantedLanguage } from './text/language.ts'
import './styles/index.css'

const root = document.getElementById('app')
if (root !== null) {
  applyTheme(storedTheme(localStorage))
  applyLanguage(wantedLanguage(localStorage, navigator.languages), navigator.languages)
  const house = createHouse()
  const events = createEvents(lineHere())
  // The gateway tells its events to people who signed in, and to each what they may know.
  effect(() => {
    const session = house.session.value
    events.follow(session?.user == null ? null : `${session.user} ${session.role ?? ''}`)
  })
  // A page that is put aside with its tab's history must not hold the line; coming back it asks for it again.
  addEventListener('pagehide', () => events.close())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
  preloadPage(location.pathname)
  void house.reload()
  render(<App house={house} events={events} />, root)
}
