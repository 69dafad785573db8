import type { ComponentChildren } from 'preact'
import type { Problem } from '../api/problem.ts'
import { Icon } from './icon.tsx'
import { words } from './words.ts'

/** A problem in words: what is wrong, what to do next, its code for whoever helps. */
export function ProblemNote({
  problem,
  onRetry,
  children,
}: {
  problem: Problem
  onRetry?: () => void
  children?: ComponentChildren
}) {
  return (
    <div class="note note-problem" role="alert">
      <Icon name="alert" />
      <div class="note-text">
        <strong>{problem.title}</strong>
        {problem.message !== problem.title && <p lang="en">{problem.message}</p>}
        {problem.advice !== null && <p>{problem.advice}</p>}
        {problem.code !== null && <code class="code-tag">{problem.code}</code>}
        {children}
      </div>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          {words().tryAgain}
        </button>
      )}
    </div>
  )
}
