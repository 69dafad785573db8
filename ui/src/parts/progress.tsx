/** How far a programme is, 0 … 1; a drawing only, the times stand beside it. */
export function Progress({ share }: { share: number }) {
  return (
    <span class="progress" aria-hidden="true">
      <i style={{ '--share': share.toFixed(4) }} />
    </span>
  )
}
