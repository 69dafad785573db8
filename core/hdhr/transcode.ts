import type { Quality } from '../live/quality.ts'

/**
 * The qualities that stand for the profiles of transcoding devices: ours are fewer, so that each profile gets the nearest
 * one that is not larger.
 */
const PROFILES: Readonly<Record<string, Quality>> = {
  none: 'original',
  heavy: '720p',
  mobile: '720p',
  internet720: '720p',
  internet540: '480p',
  internet480: '480p',
  internet360: '480p',
  internet240: '480p',
}

/** The quality of a profile (`?transcode=`); null: there is no such profile. */
export const qualityOfProfile = (profile: string): Quality | null =>
  Object.hasOwn(PROFILES, profile.toLowerCase()) ? (PROFILES[profile.toLowerCase()] ?? null) : null

/**
 * The parameters of a stream's address. Clients append `?transcode=…` to whatever the line-up says, so that a second
 * question mark is a separator too; of a parameter that comes twice the last one counts.
 */
export function readStreamQuery(url: string): ReadonlyMap<string, string> {
  const [, ...parts] = url.replace(/#.*$/s, '').split(/[?&]/)
  return new Map(
    parts.map((part): [string, string] => {
      const [name = '', ...value] = part.split('=')
      return [name, value.join('=')]
    }),
  )
}
