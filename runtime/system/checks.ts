import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { FINDING_NOTICES as SAY } from '../../core/notices/findings.ts'
import { HOUSE_NOTICES } from '../../core/notices/house.ts'
import { notice } from '../../core/notices/notice.ts'
import type { Finding } from '../../core/system/system-desk.ts'
import type { HouseConfig } from '../load-config.ts'

/** Whether FFmpeg is there, and good. */
export function checkFfmpeg({ path, version, origin, notices }: Ffmpeg): Finding {
  const what = notice(SAY, 'what/ffmpeg', {})
  const [advice = null] = notices
  if (path === null)
    return {
      what,
      well: false,
      detail: notice(SAY, 'ffmpeg/not-found', {}),
      advice: advice ?? notice(HOUSE_NOTICES, 'ffmpeg/none', {}),
    }
  const facts = { version: version ?? '', path, origin: origin ?? '' }
  return { what, well: advice === null, detail: notice(SAY, 'ffmpeg/found', facts), advice }
}

/** Whether programs find the house as a tuner by themselves. */
export function checkTuner({ hdhr, listen, access }: HouseConfig): Finding {
  const { name } = hdhr
  const say = (code: 'tuner/found' | 'tuner/not-announced' | 'tuner/not-on-80' | 'tuner/alone'): Finding => ({
    what: notice(SAY, 'what/tuner', {}),
    well: true,
    detail: notice(SAY, code, { name }),
    advice: null,
  })
  if (!hdhr.enabled) return { ...say('tuner/found'), detail: notice(SAY, 'tuner/off', {}) }
  if (hdhr.discovery === 'off') return say('tuner/not-announced')
  if (access.anonymous !== 'lan' && hdhr.allow.length === 0) return say('tuner/alone')
  const isFound = hdhr.discovery === 'always' || listen.some(({ port }) => port === 80)
  return say(isFound ? 'tuner/found' : 'tuner/not-on-80')
}
