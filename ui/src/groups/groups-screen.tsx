import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { at } from '../api/base.ts'
import { ConflictDialog } from '../channels/conflict-dialog.tsx'
import { createEdits } from '../channels/edits.ts'
import { useToasts } from '../parts/toast.tsx'
import { GroupsTab } from './groups-tab.tsx'
import { RulesTab } from './rules-tab.tsx'
import { SelectionsTab } from './selections-tab.tsx'
import { useRevision } from './use-revision.ts'
import { words } from './words.ts'
import '../channels/channels.css'
import './groups.css'

const TABS = ['groups', 'selections', 'rules'] as const

/** Groups in their order, selections with their addresses, and standing wishes. */
export function GroupsScreen() {
  const { query } = useLocation()
  const tab = TABS.find((one) => one === query['tab']) ?? 'groups'
  const toasts = useToasts()
  const { revision, note } = useRevision()
  const edits = useMemo(() => createEdits({ toasts, onEdited: note }), [toasts, note])
  return (
    <div class="groups-screen">
      <header class="groups-head">
        <h1>{words().title}</h1>
        <nav class="tabs" aria-label={words().title}>
          {TABS.map((one) => (
            <a
              key={one}
              class="chip"
              href={at(one === 'groups' ? '/groups' : `/groups?tab=${one}`)}
              aria-current={one === tab ? 'page' : undefined}
            >
              {words().tabs[one]}
            </a>
          ))}
        </nav>
      </header>
      {tab === 'groups' && <GroupsTab edits={edits} revision={revision} />}
      {tab === 'selections' && <SelectionsTab edits={edits} revision={revision} />}
      {tab === 'rules' && <RulesTab edits={edits} revision={revision} />}
      <ConflictDialog edits={edits} />
    </div>
  )
}
