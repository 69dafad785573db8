/** Spellings of OpenWebIF. Source: oe-alliance/OpenWebif v2.4.0, plugin/controllers. */

/** Python's `json.dumps(value, indent=1)`: one blank a level, ASCII only. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Python's `html.escape`, which guide texts in JSON go through. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')
}

const REMOVED_FROM_TITLES = ['\u001a', '\u0086', '\u0087', '\u008a']

/** A title as JSON carries it: emphasis and line breaks of DVB removed, escaped. */
export function jsonTitle(text: string): string {
  return escapeHtml(REMOVED_FROM_TITLES.reduce((rest, code) => rest.replaceAll(code, ''), text))
}

/** A description as JSON carries it: line breaks turned, emphasis left in place, escaped. */
export function jsonDescription(text: string): string {
  return escapeHtml(text.replaceAll('\u008a', '\n'))
}

/** Text of an XML element. The box drops U+008A there, which glues words together, and keeps other controls. */
export function escapeXml(text: string): string {
  return text.replaceAll('\u008a', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** One XML element, with children already written. */
export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`
}

/** One XML element a line from names and values; null is the text `None`, as Python prints it. */
export function fields(values: Readonly<Record<string, string | number | boolean | null>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${element(name, value === null ? 'None' : escapeXml(pythonText(value)))}\n`)
    .join('')
}

/** `True` and `False` as Python prints them. */
export function pythonText(value: string | number | boolean): string {
  if (typeof value !== 'boolean') return String(value)
  return value ? 'True' : 'False'
}
