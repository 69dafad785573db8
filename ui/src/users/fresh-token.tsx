import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { QrCode } from '../parts/qr.tsx'
import { ShortLinkAnswer } from './answers.ts'
import type { FreshToken } from './answers.ts'
import { words } from './words.ts'

/** A proof that was just made, shown this once: addresses, QR code and short address, or the secret itself. */
export function FreshTokenNote({ fresh, onDone }: { fresh: FreshToken; onDone: () => void }) {
  const short = useSignal<string | null>(null)
  const { id, kind, name, token, playlistUrl, guideUrl } = fresh
  useEffect(() => {
    if (kind !== 'viewing') return
    const stop = new AbortController()
    // A house without short links has the long address all the same.
    ask(`/api/v1/tokens/${encodeURIComponent(id)}/short-link`, ShortLinkAnswer, {
      method: 'POST',
      signal: stop.signal,
    }).then(
      ({ url }) => {
        short.value = url
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [id, kind, short])
  const { devices } = words()
  return (
    <div class="fresh" role="status">
      <p>
        <strong>{name}</strong>: {devices.once}
      </p>
      {playlistUrl !== undefined && <QrCode text={short.value ?? playlistUrl} label={devices.qr(name)} />}
      {short.value !== null && <CopyField label={devices.short} text={short.value} />}
      {playlistUrl !== undefined && <CopyField label={devices.playlist} text={playlistUrl} />}
      {guideUrl !== undefined && <CopyField label={devices.guide} text={guideUrl} />}
      <CopyField label={devices.secret[kind]} text={token} />
      <button type="button" class="button" onClick={onDone}>
        {devices.done}
      </button>
    </div>
  )
}
