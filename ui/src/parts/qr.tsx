import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

type Drawing = { readonly modules: number; readonly path: string }

/** A QR code for cameras; drawn once what draws it has arrived. A text that is too long for one has none. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const drawing = useSignal<Drawing | null>(null)
  useEffect(() => {
    let current = true
    void import('../../../core/qr/symbol.ts').then(({ qrSymbol }) => {
      if (!current) return
      try {
        const symbol = qrSymbol(text)
        const dark = symbol.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
        drawing.value = { modules: symbol.length, path: dark.join('') }
      } catch {
        // The address stands beside it as text.
        drawing.value = null
      }
    })
    return () => {
      current = false
    }
  }, [text, drawing])
  if (drawing.value === null) return <div class="qr" />
  const { modules, path } = drawing.value
  return (
    <div class="qr">
      {/* Four modules of quiet zone around it: ISO/IEC 18004, 6.3.8 */}
      <svg viewBox={`-4 -4 ${modules + 8} ${modules + 8}`} role="img" aria-label={label} shape-rendering="crispEdges">
        <path d={path} />
      </svg>
    </div>
  )
}
