import { Icon } from '../parts/icon.tsx'
import { NoticeLines } from '../parts/notice-lines.tsx'
import { failureText } from '../text/failures.ts'
import { formatSeconds } from '../text/format.ts'
import type { DraftAnswer } from './answers.ts'
import { words } from './words.ts'

/** What a test found: whether it answers, its channels, its guide, and what to do where it does not. */
export function DraftReport({ report }: { report: DraftAnswer }) {
  const say = words().adding
  const names: Readonly<Record<string, string>> = say.asked
  return (
    <div class={`report report-${report.ok ? 'good' : 'bad'}`} role="status">
      <h2>
        <Icon name={report.ok ? 'check' : 'alert'} /> {report.ok ? say.good : say.bad}
      </h2>
      <p class="report-facts">
        {[
          report.channels === null ? null : words().channels(report.channels),
          report.slots === null ? null : say.slots(report.slots),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
      <ul class="plain">
        {report.steps.map(({ asked, ms, problem }, index) => {
          const text = failureText(problem?.code ?? null)
          const advice = text?.advice ?? problem?.advice ?? null
          return (
            <li key={index} class="report-step">
              <Icon name={problem === null ? 'check' : 'alert'} />
              <span>
                {names[asked] ?? asked} <small>{formatSeconds(ms / 1000, 2)}</small>
                {problem !== null && (
                  <>
                    <br />
                    <strong>{text?.title ?? problem.title}</strong>
                    {advice !== null && <>. {advice}</>}
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ul>
      {report.notices.map((notice) => (
        <p key={notice.text} class="help">
          <NoticeLines notice={notice} isAlone={false} />
        </p>
      ))}
    </div>
  )
}
