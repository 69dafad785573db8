import { Shell } from '../parts/shell.tsx'
import { at } from '../api/base.ts'
import { words } from './words.ts'

/** For addresses that the gateway serves as a page but this version does not know. */
export function NotFoundPage() {
  return (
    <Shell title={words().notHere}>
      <section class="sheet sheet-narrow">
        <h1>{words().nothingHere}</h1>
        <p>{words().nothingHereLead}</p>
        <a class="button button-strong" href={at('/')}>
          {words().toChannels}
        </a>
      </section>
    </Shell>
  )
}
