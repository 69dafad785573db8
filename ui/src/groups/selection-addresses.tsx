import { useSignal } from '@preact/signals'
import { NewTokenAnswer } from '../api/answers.ts'
import { here } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { ask } from '../api/request.ts'
import { baseAddresses } from '../lineup/addresses.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { QrCode } from '../parts/qr.tsx'
import { useToasts } from '../parts/toast.tsx'
import { words } from './words.ts'

/** The addresses by which players use a selection, and one with a viewing link of its own. */
export function SelectionAddresses({ id, name }: { id: string; name: string }) {
  const texts = words().selections
  const toasts = useToasts()
  const session = useHouse().session.value
  const link = useSignal<string | null>(null)
  const isOpen = useSignal(false)
  const [base = here()] = baseAddresses(session?.addresses ?? [], here())
  const query = `selection=${encodeURIComponent(id)}`
  const root = `${base}${session?.prefix ?? ''}`
  const addresses = {
    playlist: `${root}/playlist.m3u?${query}`,
    guide: `${root}/xmltv.xml?${query}`,
    tuner: `${base}/hdhr/selection/${encodeURIComponent(id)}`,
  }
  const makeLink = async () => {
    try {
      const { token } = await ask('/api/v1/tokens', NewTokenAnswer, { method: 'POST', json: { name } })
      link.value = `${base}/t/${token}/playlist.m3u?${query}`
    } catch (thrown) {
      toasts.fail(thrown)
    }
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
          <QrCode text={link.value ?? addresses.playlist} label={texts.qr(name)} />
          <CopyField label={texts.playlist(name)} text={addresses.playlist} />
          <CopyField label={texts.guide(name)} text={addresses.guide} />
          <CopyField label={texts.tuner(name)} text={addresses.tuner} />
          <p class="help">{texts.linkHelp}</p>
          {link.value === null ? (
            <button type="button" class="button" onClick={() => void makeLink()}>
              {texts.link}
            </button>
          ) : (
            <div role="status">
              <p>{texts.linkOnce}</p>
              <CopyField label={texts.playlist(name)} text={link.value} />
            </div>
          )}
        </div>
      )}
    </details>
  )
}
