import { useSignal } from '@preact/signals'
import { hueOf, initials } from '../text/format.ts'
import { at } from '../api/base.ts'

/** The channel's picture, or its initials in a colour of its own. */
export function ChannelLogo({ channel }: { channel: { id: string; name: string; hasLogo: boolean } }) {
  const broken = useSignal<string | null>(null)
  if (channel.hasLogo && broken.value !== channel.id) {
    return (
      <span class="logo">
        <img
          src={at(`/logo/${encodeURIComponent(channel.id)}`)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => {
            broken.value = channel.id
          }}
        />
      </span>
    )
  }
  return (
    <span class="logo logo-letters" style={{ '--hue': String(hueOf(channel.name)) }} aria-hidden="true">
      {initials(channel.name)}
    </span>
  )
}
