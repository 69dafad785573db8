import { useRoute } from 'preact-iso'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { ScheduleScreen } from '../schedule/schedule-screen.tsx'
import { SchedulesScreen } from '../schedule/schedules-screen.tsx'
import { words } from '../schedule/words.ts'
import '../schedule/schedule.css'

/** Channels of one's own: their list, and the editor of one. */
export function SchedulesPage() {
  const id = useRoute().params['id']
  return (
    <AdminsOnly title={words().title}>
      {id === undefined ? <SchedulesScreen /> : <ScheduleScreen key={id} id={id} />}
    </AdminsOnly>
  )
}
