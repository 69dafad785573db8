import '../logs/logs.css'
import { LogsScreen } from '../logs/logs-screen.tsx'
import { words } from '../logs/words.ts'
import { AdminsOnly } from '../parts/admins-only.tsx'

/** The log as it is written, and what was written before. */
export function LogsPage() {
  return (
    <AdminsOnly title={words().title}>
      <LogsScreen />
    </AdminsOnly>
  )
}
