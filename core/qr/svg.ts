import { qrSymbol } from './symbol.ts'

/** Light modules around a symbol (ISO/IEC 18004, 6.3.8). */
const QUIET = 4

/**
 * The QR symbol of a text as a picture: black on white, whatever is behind it, one unit a module. Fails with `RangeError`
 * for a text that is too long.
 */
export function qrSvg(text: string): string {
  const symbol = qrSymbol(text)
  const side = symbol.length + 2 * QUIET
  const path = symbol
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : [])))
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>\n`
}
