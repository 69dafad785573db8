import type { HouseFacts } from '../../core/lineup/editor/facts.ts'
import type { KnownGround } from '../../core/lineup/editor/find-rows.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { Gateway } from '../gateway.ts'

/** What of the gateway knows more of channels than the line-up does. */
export type FactPorts = Pick<Gateway, 'guideDesk' | 'status'>

/** What the house knows of channels now: their guides, and which sources do not answer. */
export function houseFacts({ guideDesk, status }: FactPorts): HouseFacts {
  const down = new Set<SourceId>(status.sources().flatMap(({ id, problem }) => (problem === null ? [] : [id])))
  return {
    hasGuide: (channel) => (guideDesk === null ? channel.guide !== null : guideDesk.layers(channel).length > 0),
    isDown: (source) => down.has(source),
  }
}

/** What edits of many channels know beforehand. */
export const knownGround = (gateway: FactPorts & Pick<Gateway, 'lineup'>): KnownGround => ({
  facts: houseFacts(gateway),
  seen: gateway.lineup.current(),
})
