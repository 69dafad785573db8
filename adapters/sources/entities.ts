const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Undoes one level of HTML or XML escaping; what is no known entity stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}

/**
 * Undoes the escaping of the web interface, and a second level where the broadcaster or an old box escaped before it
 * (`&amp;lt;n/a&amp;gt;`).
 */
export function decodeEscaped(text: string): string {
  const once = decodeEntities(text)
  return /&(?:amp|lt|gt|quot|apos|#x?[0-9a-f]+);/i.test(once) ? decodeEntities(once) : once
}
