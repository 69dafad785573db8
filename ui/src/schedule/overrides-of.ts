import { readChannelDoc } from '../../../core/linear/document.ts'
import type { Override } from '../../../core/linear/document/override.ts'
import type { ScheduleAnswer } from './answers.ts'

/** Everything that is shown in place of the plan: of the document, and what was begun since. */
export function overridesOf({
  document,
  overrides,
}: Pick<ScheduleAnswer, 'document' | 'overrides'>): readonly Override[] {
  const { overrides: own } = readChannelDoc(document)
  return readChannelDoc({ ...document, overrides: [...own, ...overrides] }).overrides
}
