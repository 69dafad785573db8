import { render } from 'preact'
import { createHouse } from './api/house.ts'
import { App } from './app.tsx'
import { applyTheme, storedTheme } from './parts/theme.ts'
import './styles/index.css'

const root = document.getElementById('app')
if (root !== null) {
  applyTheme(storedTheme(localStorage))
  const house = createHouse()
  void house.reload()
  render(<App house={house} />, root)
}
