import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import type { Finding } from '../../core/system/system-desk.ts'
import type { HouseConfig } from '../load-config.ts'

/** Whether FFmpeg is there, and good. */
export function checkFfmpeg(ffmpeg: Ffmpeg): Finding {
  const [advice] = ffmpeg.notices
  if (ffmpeg.path === null)
    return { what: 'FFmpeg', well: false, detail: 'not found', advice: advice ?? 'Install ffmpeg or set FFMPEG_PATH' }
  return {
    what: 'FFmpeg',
    well: advice === undefined,
    detail: `${ffmpeg.version} at ${ffmpeg.path} (${ffmpeg.origin})`,
    ...(advice === undefined ? {} : { advice }),
  }
}

/** Whether programs find the house as a tuner by themselves. */
export function checkTuner({ hdhr, listen, access }: HouseConfig): Finding {
  const what = 'HDHomeRun'
  if (!hdhr.enabled) return { what, well: true, detail: 'switched off' }
  const isAlone = access.anonymous !== 'lan' && hdhr.allow.length === 0
  const isFound = hdhr.discovery === 'always' || listen.some(({ port }) => port === 80)
  const reasons = [
    ...(hdhr.discovery === 'off' ? ['"hdhr.discovery" is off'] : isFound ? [] : ['not on port 80']),
    ...(isAlone ? ['nobody outside this machine may watch without signing in'] : []),
  ]
  const detail =
    reasons.length === 0 ? 'programs find it' : `programs do not find it by themselves: ${reasons.join(', ')}`
  return { what, well: true, detail: `a tuner called "${hdhr.name}"; ${detail}` }
}
