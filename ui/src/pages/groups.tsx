import { GroupsScreen } from '../groups/groups-screen.tsx'
import { words } from '../groups/words.ts'
import { AdminsOnly } from '../parts/admins-only.tsx'

/** Groups, selections and rules as their owner edits them. */
export function GroupsPage() {
  return (
    <AdminsOnly title={words().title}>
      <GroupsScreen />
    </AdminsOnly>
  )
}
