import type { Failure, FailureCode } from '../errors.ts'

/**
 * What devices write into `X-HDHomeRun-Error`. (HDHomeRun HTTP guide; 803, 809 and 811 are rarely seen.)
 */
const TEXTS = {
  801: 'Unknown Channel',
  802: 'Unknown Transcode Profile',
  803: 'System Busy',
  804: 'Tuner In Use',
  805: 'All Tuners In Use',
  806: 'Tune Failed',
  807: 'No Video Data',
  809: 'Playback Connection Limit',
  811: 'Content Protection Required',
} as const

/** Number of an error of a tuner. */
export type TunerErrorCode = keyof typeof TEXTS

const CODES: Partial<Record<FailureCode, TunerErrorCode>> = {
  'http/not-found': 801,
  'lineup/unknown-channel': 801,
  'http/bad-request': 802,
  'hdhr/unknown-profile': 802,
  'hdhr/tuner-in-use': 804,
  'live/no-slot': 805,
  'live/recording': 805,
  'live/preempted': 805,
  'live/contested': 809,
  'access/too-many-streams': 809,
  'live/no-signal': 807,
  'live/silent': 807,
  'live/stalled': 807,
  'live/not-mpeg-ts': 807,
  'live/scrambled': 811,
  'ffmpeg/busy': 803,
  'ffmpeg/missing': 802,
  'lineup/not-ready': 803,
  'http/busy': 803,
}

/** What a tuner answers: an unknown channel is 404, everything else 503. */
export type TunerError = { readonly status: 404 | 503; readonly header: string }

/** The error of a tuner that says best what failed; what is not known to devices is "Tune Failed". */
export function tunerError({ code }: Pick<Failure, 'code'>): TunerError {
  const number = CODES[code] ?? 806
  return { status: number === 801 ? 404 : 503, header: `${number} ${TEXTS[number]}` }
}
