import { Failure } from '../../core/errors.ts'
import type { SourceCatalogue } from '../../core/lineup/catalogue.ts'
import type { CheckFacts, DraftAnswer, TestStep } from '../../core/lineup/source-check.ts'
import type { SourceDriver } from '../sources/registry.ts'
import { testStep } from './test-step.ts'

const CHECK_WITHIN_MS = 30_000
const CHANNELS_WITHIN_MS = 180_000
const GUIDE_WITHIN_MS = 60_000
const DAY_MS = 24 * 3_600_000

/**
 * Asks a source that nobody uses yet: whether it answers, then its channels, then a little of its guide; after one that
 * went wrong no more. Opens no stream. The caller disposes the driver.
 */
export async function testDraft(
  driver: SourceDriver,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<DraftAnswer> {
  const { check } = driver
  const steps: TestStep[] = []
  let catalogue: SourceCatalogue | null = null
  const questions: readonly (readonly [TestStep['asked'], number, (until: AbortSignal) => Promise<CheckFacts>])[] = [
    [check.asks, CHECK_WITHIN_MS, (until) => check.ask({ userAgent: null, signal: until })],
    [
      'channels',
      CHANNELS_WITHIN_MS,
      async (until) => {
        catalogue = await driver.catalogue(until)
        const radio = catalogue.items.filter(({ media }) => media === 'radio').length
        return { channels: catalogue.items.length, radio, groups: catalogue.groups.length }
      },
    ],
    ['guide', GUIDE_WITHIN_MS, (until) => tryGuide(driver, { catalogue, from: now(), signal: until })],
  ]
  for (const [asked, withinMs, ask] of questions) {
    const step = await testStep(asked, { withinMs, signal, now }, ask)
    steps.push(step)
    if (step.problem !== null) break
  }
  const channels = steps.find(({ asked, problem }) => asked === 'channels' && problem === null)?.facts['channels']
  return {
    steps,
    channels: typeof channels === 'number' ? channels : null,
    slots: driver.slots(),
    notices: driver.notices(),
  }
}

type Asking = { readonly catalogue: SourceCatalogue | null; readonly from: number; readonly signal: AbortSignal }

async function tryGuide(driver: SourceDriver, asking: Asking): Promise<CheckFacts> {
  return (await tryDocument(driver, asking.signal)) ?? tryChannel(driver, asking)
}

/** Null: it has none. Nothing of the document is taken but its first bytes. */
async function tryDocument({ guideDocument }: SourceDriver, signal: AbortSignal): Promise<CheckFacts | null> {
  if (guideDocument === undefined) return null
  try {
    const opened = await guideDocument.open(null, signal)
    if (opened === null) throw new Failure('source/bad-answer', 'The server says "unchanged" to a first question')
    // Leaving the loop closes the connection.
    for await (const chunk of opened.bytes) if (chunk.length > 0) break
    return { guide: 'document', bytes: opened.size }
  } catch (error) {
    if (error instanceof Failure && error.code === 'source/not-supported') return null
    throw error
  }
}

/** Asks for a day of the first channel that has a guide. */
async function tryChannel(driver: SourceDriver, { catalogue, from, signal }: Asking): Promise<CheckFacts> {
  const ref = catalogue?.items.find(({ guide }) => guide?.feed === driver.id)?.guide ?? null
  if (ref === null) return { guide: 'none' }
  for await (const { programmes } of driver.guide([ref.channel], { from, to: from + DAY_MS }, signal))
    return { guide: 'channels', programmes: programmes.length }
  return { guide: 'none' }
}
