import { ChannelsScreen } from '../channels/channels-screen.tsx'
import { words } from '../channels/words.ts'
import { AdminsOnly } from '../parts/admins-only.tsx'

/** The channel list as its owner edits it. */
export function ChannelsPage() {
  return (
    <AdminsOnly title={words().title}>
      <ChannelsScreen />
    </AdminsOnly>
  )
}
