import { Dialog } from '../parts/dialog.tsx'
import { Account, LanguageButton, ThemeButton } from './account.tsx'
import { PlaceLink } from './place-link.tsx'
import { SECTIONS } from './places.ts'
import type { Place } from './places.ts'
import { words } from './words.ts'

/** All places, account, colours and language, on a phone. */
export function MoreDrawer({ places, path, onClose }: { places: readonly Place[]; path: string; onClose: () => void }) {
  return (
    <Dialog title={words().more} open side onClose={onClose}>
      <nav class="more" aria-label={words().pages}>
        {SECTIONS.flatMap((section) => places.filter((place) => place.section === section)).map((place) => (
          <PlaceLink key={place.path} place={place} path={path} />
        ))}
      </nav>
      <div class="row more-end">
        <Account />
        <ThemeButton />
        <LanguageButton />
      </div>
    </Dialog>
  )
}
