/**
 * Answers with the bytes, or with the one range that was asked for: 206, or 416 if it lies outside.
 *
 * Several ranges, and anything that cannot be read, get the whole (RFC 9110, 14.2 allows it).
 */
export function serveRange(
  range: string | undefined,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Response {
  const whole = { ...headers, 'accept-ranges': 'bytes' }
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? '') ?? []
  if (from === '' && to === '')
    return new Response(bytes, { headers: { ...whole, 'content-length': String(bytes.length) } })
  const first = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from)
  const last = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1)
  if (first >= bytes.length || first > last)
    return new Response(null, { status: 416, headers: { ...whole, 'content-range': `bytes */${bytes.length}` } })
  const part = bytes.slice(first, last + 1)
  return new Response(part, {
    status: 206,
    headers: {
      ...whole,
      'content-length': String(part.length),
      'content-range': `bytes ${first}-${last}/${bytes.length}`,
    },
  })
}
