// More boxes than this say less than a number.
const MOST_BOXES = 24

/** Tuners or connections of a source: what the words say, and a box for each. */
export function SlotMap({ total, used, words }: { total: number; used: number; words: string }) {
  return (
    <div class="slots">
      <span>{words}</span>
      {total <= MOST_BOXES && (
        <span class="slot-boxes" aria-hidden="true">
          {Array.from({ length: total }, (_, index) => (
            <i key={index} class={index < used ? 'slot-used' : ''} />
          ))}
        </span>
      )}
    </div>
  )
}
