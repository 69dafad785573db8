import { words } from './words.ts'

/** The steps of the first run, in order. */
export const STEPS = ['account', 'source', 'groups', 'watch'] as const
/** One of them. */
export type Step = (typeof STEPS)[number]

/** Where one is on the way. */
export function Stepper({ step }: { step: Step }) {
  const at = STEPS.indexOf(step)
  return (
    <ol class="stepper" aria-label={words().stepOf(at + 1, STEPS.length)}>
      {STEPS.map((name, index) => (
        <li key={name} class={index < at ? 'step-done' : ''} aria-current={index === at ? 'step' : undefined}>
          {words().steps[name]}
        </li>
      ))}
    </ol>
  )
}
