import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

type Drawing = { readonly modules: number; readonly path: string }

/** A QR code for cameras; drawn once its small library has arrived. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const drawing = useSignal<Drawing | null>(null)
  useEffect(() => {
    let current = true
    void import('qrcode-generator').then(({ default: qrcode }) => {
      if (!current) return
      const code = qrcode(0, 'M')
      code.addData(text)
      code.make()
      const modules = code.getModuleCount()
      let path = ''
      for (let row = 0; row < modules; row += 1) {
        for (let column = 0; column < modules; column += 1) {
          if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`
        }
      }
      drawing.value = { modules, path }
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
