import { useSignal } from '@preact/signals'
import { HOUSE_FRAME_RATES, PLAYOUT_MODES } from '../../../core/linear/house-format.ts'
import { useToasts } from '../parts/toast.tsx'
import type { Draft } from './draft.ts'
import { LooksFields, readLooks } from './looks-fields.tsx'
import { Choice, Text, Whole } from './plain-fields.tsx'
import { words } from './words.ts'

const SIZES = [
  [640, 360],
  [1024, 576],
  [1280, 720],
  [1920, 1080],
] as const

/** What holds for the channel as a whole: name, format, fillers, breaks. */
export function ChannelTab({ draft }: { draft: Draft }) {
  const settings = draft.settings.value
  const plan = draft.plan.value
  const { house } = settings
  const size = useSignal(`${house.width}x${house.height}`)
  const toasts = useToasts()
  const texts = words().channel
  const apply = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const text = (name: string): string => String(fields.get(name) ?? '').trim()
    const looks = readLooks(fields, settings.looks)
    if (looks === null) toasts.show({ text: words().looks.wrong, bad: true })
    const [width = house.width, height = house.height] = text('size').split('x').map(Number)
    draft.set({
      name: text('name') || settings.name,
      number: text('number') || null,
      group: text('group') || null,
      logo: text('logo') || null,
      looks: looks ?? settings.looks,
      house: {
        ...house,
        width,
        height,
        mode: PLAYOUT_MODES.find((one) => one === text('mode')) ?? house.mode,
        frameRate: HOUSE_FRAME_RATES.find((one) => one === Number(text('rate'))) ?? house.frameRate,
        videoKbps: Number(text('kbps')) || house.videoKbps,
      },
    })
    const filler = text('filler')
    const ident = text('ident')
    draft.change((now) => ({
      ...now,
      filler: filler === '' ? [] : [filler, ...now.filler.filter((one) => one !== filler)],
      breaks: { ...now.breaks, max: Number(text('breaks')), seconds: Number(text('breakSeconds')) },
      bumpers: { ...now.bumpers, before: ident === '' ? null : ident },
    }))
    if (looks !== null) toasts.show({ text: words().unsaved })
  }
  const pools = plan.pools.map(({ id }) => id)
  return (
    <form
      class="plain channel-settings"
      onSubmit={(event) => {
        event.preventDefault()
        apply(event.currentTarget)
      }}
    >
      <Text name="name" label={texts.name} value={settings.name} required />
      <Text name="number" label={texts.number} value={settings.number ?? ''} pattern="\d{1,5}(\.\d{1,3})?" />
      <Text name="group" label={texts.group} value={settings.group ?? ''} />
      <Text name="logo" label={texts.logo} value={settings.logo ?? ''} />
      <label class="field">
        <span class="label">{texts.picture}</span>
        <select
          name="size"
          value={size.value}
          onChange={(event) => {
            size.value = event.currentTarget.value
          }}
        >
          {sizesWith(house).map(([width, height]) => (
            <option key={height} value={`${width}x${height}`}>
              {texts.pictures(width, height)}
            </option>
          ))}
        </select>
      </label>
      <Choice name="rate" label={texts.rate} value={String(house.frameRate)} choices={HOUSE_FRAME_RATES.map(String)} />
      <Whole name="kbps" label={texts.kbps} value={house.videoKbps} least={100} most={100_000} />
      <Choice name="mode" label={texts.mode} value={house.mode} choices={PLAYOUT_MODES} names={texts.modes} />
      <Choice
        name="filler"
        label={texts.filler}
        value={plan.filler[0] ?? ''}
        choices={['', ...pools]}
        names={{ '': texts.noFiller }}
      />
      <Choice
        name="ident"
        label={texts.idents}
        value={plan.bumpers.before ?? ''}
        choices={['', ...pools]}
        names={{ '': texts.nothing }}
      />
      <Whole name="breaks" label={texts.breaks} value={plan.breaks.max} least={0} most={30} />
      <Whole name="breakSeconds" label={texts.breakSeconds} value={plan.breaks.seconds} least={0} most={1200} />
      <LooksFields looks={settings.looks} />
      <button type="submit" class="button">
        {texts.apply}
      </button>
    </form>
  )
}

const sizesWith = ({ width, height }: { width: number; height: number }): readonly (readonly [number, number])[] =>
  SIZES.some(([, one]) => one === height) ? SIZES : [...SIZES, [width, height]]
