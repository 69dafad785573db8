/**
 * A MAC address in the one spelling that portals accept, `00:1A:79:AA:BB:CC`; null for anything that is none.
 *
 * In: 12 hex digits with or without `:`, `-`, `.` or blanks between them, in either case.
 */
export function parseMac(text: string): string | null {
  const digits = text.replace(/[\s:.-]/g, '').toUpperCase()
  if (!/^[0-9A-F]{12}$/.test(digits)) return null
  return (digits.match(/../g) ?? []).join(':')
}

/** Whether strict portals accept it: boxes of one maker only (`enable_mac_format_validation`, stalker.md §2). */
export const isSetTopBoxMac = (mac: string): boolean => mac.startsWith('00:1A:79:')
