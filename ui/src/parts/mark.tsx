/** The product's sign: a dish that listens to the sky. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" stroke-width="2.8" stroke-linecap="round">
        <path d="M5.5 13a10 10 0 0 0 13.5 13.5" />
        <path d="M11 11.500a5.2 5.2 0 0 0 9.5 9.5" opacity=".6" />
        <path d="M16 16 25 7" />
      </g>
      <circle cx="25.2" cy="6.8" r="3" fill="currentColor" />
    </svg>
  )
}
