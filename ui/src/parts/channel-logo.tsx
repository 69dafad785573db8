import { useSignal } from '@preact/signals'
import { logoUrl } from '../../../core/lineup/logo/logo-url.ts'
import type { LogoBearer } from '../../../core/lineup/logo/logo-url.ts'
import { hueOf, initials } from '../text/format.ts'
import { at } from '../api/base.ts'

/** The channel's picture, or its initials in a colour of its own. */
export function ChannelLogo({ channel }: { channel: LogoBearer & { readonly name: string } }) {
  const broken = useSignal<string | null>(null)
  const path = logoUrl('', channel)
  if (path !== null && broken.value !== path) {
    return (
      <span class="logo">
        <img
          src={at(path)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => {
            broken.value = path
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
