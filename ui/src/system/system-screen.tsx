import { useSignal } from '@preact/signals'
import { at } from '../api/base.ts'
import { ask } from '../api/request.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { useFresh } from '../live/use-events.ts'
import { Icon } from '../parts/icon.tsx'
import { NoticeLines } from '../parts/notice-lines.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { FindingsAnswer, SystemAnswer } from './answers.ts'
import { BackupsSection } from './backups-section.tsx'
import { FactsSection } from './facts-section.tsx'
import { SettingsSection } from './settings-section.tsx'
import { StorageSection } from './storage-section.tsx'
import { words } from './words.ts'

type Seen = { readonly system: SystemAnswer; readonly findings: FindingsAnswer['items'] }

/** What the machine is, what is wrong with it, and what can be done about it. */
export function SystemScreen() {
  const seen = useSignal<Seen | null>(null)
  const problem = useSignal<Problem | null>(null)
  const load = async (signal?: AbortSignal): Promise<void> => {
    const options = signal === undefined ? {} : { signal }
    try {
      const [system, { items }] = await Promise.all([
        ask('/api/v1/system', SystemAnswer, options),
        ask('/api/v1/system/findings', FindingsAnswer, options),
      ])
      seen.value = { system, findings: items }
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  const now = seen.value
  return (
    <div class="system">
      <header class="system-head">
        <h1>{words().title}</h1>
        <button type="button" class="button" onClick={() => void load()}>
          <Icon name="refresh" />
          {words().lookAgain}
        </button>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      {now === null ? (
        problem.value === null && <Waiting what={words().loading} />
      ) : (
        <>
          <Findings items={now.findings} />
          <FactsSection system={now.system} />
          <StorageSection storage={now.system.storage} dataDir={now.system.dataDir} />
        </>
      )}
      <BackupsSection onChange={() => void load()} />
      <SettingsSection />
      <section class="system-part" aria-labelledby="api">
        <h2 id="api">{words().api}</h2>
        <p>
          {words().apiHelp} <a href={at('/api/docs')}>{words().apiDocs}</a>
        </p>
      </section>
    </div>
  )
}

function Findings({ items }: { items: FindingsAnswer['items'] }) {
  const bad = items.filter(({ well }) => !well)
  return (
    <section class="system-part" aria-labelledby="findings">
      <h2 id="findings">{bad.length === 0 ? words().allWell : words().notWell(bad.length)}</h2>
      <ul class="findings plain">
        {[...bad, ...items.filter(({ well }) => well)].map(({ what, well, detail, advice }) => (
          <li key={`${what.text} ${detail.text}`} class={well ? 'finding' : 'finding finding-bad'}>
            <Icon name={well ? 'check' : 'alert'} />
            <span class="visually-hidden">{well ? words().good : words().bad}</span>
            <strong>
              <NoticeLines notice={what} />
            </strong>
            <span>
              <NoticeLines notice={detail} />
              {advice !== null && (
                <em>
                  {' '}
                  <NoticeLines notice={advice} />
                </em>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
