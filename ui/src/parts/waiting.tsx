/** Says what is awaited; shows itself only after a moment, so that quick answers do not flicker. */
export function Waiting({ what }: { what: string }) {
  return (
    <p class="waiting" role="status">
      <span class="waiting-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {what}
    </p>
  )
}
