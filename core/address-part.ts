/** What a percent-encoded part of an address stands for; as it is written where a lone "%" means itself. Never throws. */
export function decodeAddressPart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
