import type { LineupIndex } from '../lineup/lineup.ts'
import type { Tuners } from './tuner-desk.ts'

/** A tuner as `status.json` shows it; one that is free has nothing but its name. */
export type TunerStatus = {
  readonly Resource: string
  readonly VctNumber?: string
  readonly VctName?: string
  readonly SignalStrengthPercent?: number
  readonly SignalQualityPercent?: number
  readonly SymbolQualityPercent?: number
  /** Bits a second. */
  readonly NetworkRate?: number
  readonly TargetIP?: string
}

/**
 * All tuners of a device. Signals are those of a cable that either works or does not: 100 while television comes in.
 * Who watches is shown to nobody but themselves.
 */
export function tunerStatuses(
  { board, running }: Tuners,
  options: { readonly count: number; readonly lineup: Pick<LineupIndex, 'byId'>; readonly address: string },
): readonly TunerStatus[] {
  const { count, lineup, address } = options
  return Array.from({ length: count }, (_, tuner): TunerStatus => {
    const channelId = board.channelOn(tuner)
    const stream = channelId === null ? undefined : running.get(channelId)
    if (stream === undefined) return { Resource: `tuner${tuner}` }
    const channel = lineup.byId.get(stream.channelId)
    const percent = stream.state === 'live' || stream.state === 'lingering' ? 100 : 0
    return {
      Resource: `tuner${tuner}`,
      // A channel that the caller may not see takes the tuner without a name.
      VctNumber: channel?.number ?? '',
      VctName: channel?.name ?? '',
      SignalStrengthPercent: percent,
      SignalQualityPercent: percent,
      SymbolQualityPercent: percent,
      NetworkRate: Math.round(stream.bitrateKbps * 1000),
      ...(stream.viewers.some((viewer) => viewer.address === address) ? { TargetIP: address } : {}),
    }
  })
}
