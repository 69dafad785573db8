import { Failure } from '../core/errors.ts'
import type { HouseRecorder } from '../core/lineup/recording-timer.ts'
import type { Gateway } from './gateway.ts'
import { toProblem } from './problem.ts'
import type { Problem } from './problem.ts'

/** The recorder of a source. Fails with `lineup/unknown-source`. */
export function findRecorder({ recorders = [] }: Pick<Gateway, 'recorders'>, id: string): HouseRecorder {
  const found = recorders.find((one) => one.id === id)
  if (found === undefined) throw new Failure('lineup/unknown-source', 'No running receiver has this id')
  return found
}

/** What every recorder answers; one that fails is named, and does not hide what the others have. */
export async function askRecorders<T>(
  recorders: readonly HouseRecorder[],
  ask: (recorder: HouseRecorder) => Promise<T>,
): Promise<{
  readonly answers: readonly { readonly of: HouseRecorder; readonly answer: T }[]
  readonly failed: readonly (Problem & { readonly sourceId: string })[]
}> {
  const answers: { of: HouseRecorder; answer: T }[] = []
  const failed: (Problem & { sourceId: string })[] = []
  const asked = recorders.map(async (of) => {
    try {
      answers.push({ of, answer: await ask(of) })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failed.push({ sourceId: of.id, ...toProblem(error) })
    }
  })
  await Promise.all(asked)
  const rank = (id: string): number => recorders.findIndex((one) => one.id === id)
  return { answers: answers.toSorted((a, b) => rank(a.of.id) - rank(b.of.id)), failed }
}
