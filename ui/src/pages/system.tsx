import '../system/system.css'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { SystemScreen } from '../system/system-screen.tsx'
import { words } from '../system/words.ts'

/** What is behind the screens: findings, storage, backups, settings. */
export function SystemPage() {
  return (
    <AdminsOnly title={words().title}>
      <SystemScreen />
    </AdminsOnly>
  )
}
