import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { formatDate } from '../text/format.ts'
import { PeopleAnswer } from '../users/answers.ts'
import type { Person } from '../users/answers.ts'
import { AuditList } from '../users/audit-list.tsx'
import { Devices } from '../users/devices.tsx'
import { PersonDrawer } from '../users/person-drawer.tsx'
import { words } from '../users/words.ts'
import '../users/users.css'

/** People, their limits and devices, and who changed what. */
export function UsersPage() {
  return (
    <AdminsOnly title={words().title}>
      <Users />
    </AdminsOnly>
  )
}

function Users() {
  const people = useSignal<readonly Person[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  /** Who is open; null: somebody new. */
  const opened = useSignal<{ readonly id: string | null } | null>(null)
  const load = async () => {
    try {
      people.value = (await ask('/api/v1/users', PeopleAnswer)).items
      problem.value = null
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  useEffect(() => void load(), [])
  return (
    <div class="users">
      <header class="users-head">
        <div>
          <h1>{words().title}</h1>
          <p class="lead">{words().lead}</p>
        </div>
        <button
          type="button"
          class="button button-strong"
          onClick={() => {
            opened.value = { id: null }
          }}
        >
          <Icon name="plus" />
          {words().add}
        </button>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      {people.value === null && problem.value === null && <Waiting what={words().loading} />}
      {people.value?.length === 0 && <p class="nothing">{words().none}</p>}
      <ul class="plain people" aria-label={words().people}>
        {people.value?.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              class="person"
              onClick={() => {
                opened.value = { id: person.id }
              }}
            >
              <Icon name="user" />
              <span class="person-name">{person.name}</span>
              <span class="person-facts">{factsOf(person, Date.now()).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
      <Devices person={null} />
      <AuditList />
      {opened.value !== null && (
        <PersonDrawer
          key={opened.value.id ?? ''}
          id={opened.value.id}
          onChanged={() => void load()}
          onClose={() => {
            opened.value = null
          }}
        />
      )}
    </div>
  )
}

/** What somebody may, in a line. */
function factsOf({ role, maxStreams, groups, adultLock, expires }: Person, now: number): readonly string[] {
  return [
    words().roles[role],
    words().streams(maxStreams),
    ...(groups === null ? [] : [words().groups(groups.length)]),
    ...(adultLock ? [words().adultLock] : []),
    ...(expires === null
      ? []
      : [expires > now ? words().until(formatDate(expires)) : words().ended(formatDate(expires))]),
  ]
}
