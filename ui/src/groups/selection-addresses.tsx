import { useSignal } from '@preact/signals'
import { here } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { baseAddresses } from '../lineup/addresses.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { QrCode } from '../parts/qr.tsx'
import { ShortLinks } from './short-links.tsx'
import { words } from './words.ts'

/** The addresses by which players use a selection, and its short links. */
export function SelectionAddresses({ id, name }: { id: string; name: string }) {
  const texts = words().selections
  const session = useHouse().session.value
  const isOpen = useSignal(false)
  const [base = here()] = baseAddresses(session?.addresses ?? [], here())
  const query = `selection=${encodeURIComponent(id)}`
  const root = `${base}${session?.prefix ?? ''}`
  const addresses = {
    playlist: `${root}/playlist.m3u?${query}`,
    guide: `${root}/xmltv.xml?${query}`,
    tuner: `${base}/hdhr/selection/${encodeURIComponent(id)}`,
  }
  return (
    <details
      class="addresses"
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>{texts.addresses}</summary>
      {isOpen.value && (
        <div class="plain">
          <QrCode text={addresses.playlist} label={texts.qr(name)} />
          <CopyField label={texts.playlist(name)} text={addresses.playlist} />
          <CopyField label={texts.guide(name)} text={addresses.guide} />
          <CopyField label={texts.tuner(name)} text={addresses.tuner} />
          <ShortLinks id={id} name={name} base={base} />
        </div>
      )}
    </details>
  )
}
