const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const SPECIAL = /[&<>"]/g

/** The text for an element or a double-quoted attribute. Characters that XML 1.0 forbids are taken out by `plainText`. */
export const escapeXml = (text: string): string => text.replace(SPECIAL, (character) => ENTITIES[character] ?? '')
