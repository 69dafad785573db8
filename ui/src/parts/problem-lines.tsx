import { failureText } from '../text/failures.ts'

/** A problem as the gateway tells it of something, in a list or card. */
type ToldProblem = {
  readonly code: string | null
  readonly title: string
  readonly detail: string | null
  readonly advice: string | null
}

/** A problem inside of a card: what it is, what to do, its code. */
export function ProblemLines({ problem }: { problem: ToldProblem }) {
  const text = failureText(problem.code)
  const advice = text?.advice ?? problem.advice
  return (
    <div class="card-problem">
      <strong>{text?.title ?? problem.title}</strong>
      {problem.detail !== null && problem.detail !== problem.title && <p lang="en">{problem.detail}</p>}
      {advice !== null && <p>{advice}</p>}
      {problem.code !== null && <code class="code-tag">{problem.code}</code>}
    </div>
  )
}
