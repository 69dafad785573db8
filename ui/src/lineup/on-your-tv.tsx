import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useHouse } from '../api/house.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Icon } from '../parts/icon.tsx'
import { QrCode } from '../parts/qr.tsx'
import { baseAddresses, tvAddresses } from './addresses.ts'
import { ViewingLinks } from './viewing-links.tsx'
import { here } from '../api/base.ts'
import { words } from './words.ts'

// Beside the list there is room from this width on; below, it opens on demand.
const WIDE = '(min-width: 72rem)'

/** How this house is watched on a television: addresses, a code for the camera, links for others. */
export function OnYourTv() {
  const session = useHouse().session.value
  const open = useSignal(matchMedia(WIDE).matches)
  const chosen = useSignal(0)
  useEffect(() => {
    const wide = matchMedia(WIDE)
    const follow = () => {
      open.value = wide.matches
    }
    wide.addEventListener('change', follow)
    return () => wide.removeEventListener('change', follow)
  }, [open])
  if (session === null) return null
  const bases = baseAddresses(session.addresses, here())
  const base = bases[chosen.value] ?? bases[0] ?? here()
  const { playlist, hlsPlaylist, guide, thisMachineOnly } = tvAddresses(base, session.prefix)
  const needsLink = session.prefix === '' && (session.anonymous === 'loopback' || session.anonymous === 'none')

  return (
    <details
      class="tv"
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open
      }}
    >
      <summary>
        <Icon name="tv" />
        <h2>{words().tv.title}</h2>
      </summary>
      <div class="tv-body">
        {thisMachineOnly && <p class="help">{words().tv.thisMachine}</p>}
        {needsLink && !thisMachineOnly && (
          <p class="help">{session.role === 'admin' ? words().tv.needsLinkOwner : words().tv.needsLink}</p>
        )}
        {bases.length > 1 && (
          <label class="field">
            <span class="label">{words().tv.address}</span>
            <select
              value={chosen.value}
              onChange={(event) => {
                chosen.value = Number(event.currentTarget.value)
              }}
            >
              {bases.map((address, index) => (
                <option key={address} value={index}>
                  {address}
                </option>
              ))}
            </select>
          </label>
        )}
        <QrCode text={playlist} label={words().tv.qr} />
        <CopyField label={words().tv.playlist} text={playlist} />
        <CopyField label={words().tv.hls} text={hlsPlaylist} />
        <CopyField label={words().tv.guide} text={guide} />
        {session.role === 'admin' && <ViewingLinks base={base} />}
      </div>
    </details>
  )
}
