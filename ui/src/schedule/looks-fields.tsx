import * as v from 'valibot'
import { looksSchema, PLACES } from '../../../core/linear/looks.ts'
import type { Looks } from '../../../core/linear/looks.ts'
import { Choice, Text, Whole } from './plain-fields.tsx'
import { words } from './words.ts'

const SUBTITLES = ['off', 'forced-only', 'burn'] as const
const SECOND_MS = 1000

/** How the channel looks and sounds: logo, crawl, loudness, languages, subtitles. */
export function LooksFields({ looks }: { looks: Looks }) {
  const texts = words().looks
  const { logo, crawl, loudness, languages, subtitles } = looks
  const timing = logo?.timing.kind === 'periodic' ? logo.timing : null
  return (
    <>
      <Text name="logoFile" label={texts.logo} value={logo?.file ?? ''} />
      <Choice
        name="logoPlace"
        label={texts.place}
        value={logo?.place ?? 'top-right'}
        choices={PLACES}
        names={texts.places}
      />
      <Whole name="logoOpacity" label={texts.opacity} value={logo?.opacityPercent ?? 75} least={1} most={100} />
      <Whole name="logoWidth" label={texts.width} value={logo?.widthPercent ?? 9} least={1} most={50} />
      <Whole
        name="logoEvery"
        label={texts.every}
        value={timing === null ? null : timing.everyMs / SECOND_MS}
        least={4}
        most={86_400}
      />
      <Whole
        name="logoHold"
        label={texts.hold}
        value={timing === null ? null : timing.holdMs / SECOND_MS}
        least={2}
        most={86_400}
      />
      <label class="field">
        <span class="label">{texts.crawl}</span>
        <textarea name="crawl" rows={2} maxLength={2000} defaultValue={(crawl?.lines ?? []).join('\n')} />
      </label>
      <Whole name="loudness" label={texts.loudness} value={loudness.targetLufs} least={-40} most={-10} />
      <Text name="languages" label={texts.languages} value={languages.join(', ')} />
      <Choice name="subtitles" label={texts.subtitles} value={subtitles.mode} choices={SUBTITLES} names={texts.modes} />
    </>
  )
}

/** The fields as looks; null: something in them is none, and `before` should stay. */
export function readLooks(fields: FormData, before: Looks): Looks | null {
  const text = (name: string): string => String(fields.get(name) ?? '').trim()
  const whole = (name: string): number | null => (text(name) === '' ? null : Number(text(name)))
  const file = text('logoFile')
  const every = whole('logoEvery')
  const hold = whole('logoHold') ?? 10
  const lines = text('crawl')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const read = v.safeParse(looksSchema, {
    ...before,
    logo:
      file === ''
        ? null
        : {
            ...before.logo,
            file,
            place: text('logoPlace'),
            opacityPercent: whole('logoOpacity') ?? 75,
            widthPercent: whole('logoWidth') ?? 9,
            timing:
              every === null
                ? { kind: 'always' }
                : { kind: 'periodic', everyMs: every * SECOND_MS, holdMs: hold * SECOND_MS },
          },
    crawl: lines.length === 0 ? null : { ...before.crawl, lines },
    loudness: { ...before.loudness, targetLufs: whole('loudness') },
    languages: text('languages')
      .split(/[\s,]+/)
      .filter((one) => one !== ''),
    subtitles: { ...before.subtitles, mode: text('subtitles') },
  })
  return read.success ? read.output : null
}
