/** Rows of modules, true is dark. */
export type Modules = readonly (readonly boolean[])[]

/** How hard a symbol is to read: runs, squares, false finders, too much of one colour (ISO/IEC 18004, 7.8.3). */
export function penalty(symbol: Modules): number {
  const size = symbol.length
  const columns = symbol.map((_, x) => symbol.map((row) => row[x] === true))
  let points = 0
  for (const line of [...symbol, ...columns]) points += runs(line) + falseFinders(line)
  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++) {
      const isDark = symbol[y]?.[x]
      if (isDark === symbol[y]?.[x + 1] && isDark === symbol[y + 1]?.[x] && isDark === symbol[y + 1]?.[x + 1])
        points += 3
    }
  const dark = symbol.flat().filter(Boolean).length
  return points + Math.floor(Math.abs((dark / size ** 2) * 100 - 50) / 5) * 10
}

function runs(line: readonly boolean[]): number {
  let points = 0
  let length = 0
  for (const [at, isDark] of line.entries()) {
    length = isDark === line[at - 1] ? length + 1 : 1
    if (length === 5) points += 3
    else if (length > 5) points += 1
  }
  return points
}

const FALSE_FINDERS = ['10111010000', '00001011101']

function falseFinders(line: readonly boolean[]): number {
  const text = line.map(Number).join('')
  let points = 0
  for (const pattern of FALSE_FINDERS)
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) points += 40
  return points
}
