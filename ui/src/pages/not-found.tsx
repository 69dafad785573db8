import { Shell } from '../parts/shell.tsx'

/** For addresses that the gateway serves as a page but this version does not know. */
export function NotFoundPage() {
  return (
    <Shell title="Not here">
      <section class="sheet sheet-narrow">
        <h1>There is nothing here</h1>
        <p>This page does not exist, or not yet.</p>
        <a class="button button-strong" href="/">
          To the channels
        </a>
      </section>
    </Shell>
  )
}
