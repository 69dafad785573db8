/**
 * The answer, which ends the connection if the request announced a body that was refused or that nobody has read: on Bun a
 * client that goes on sending it, a byte a second or a gigabyte, would hold the connection for ever. Node ends such
 * connections by itself; Deno has no way to.
 */
export function endWithUnreadBody(request: Request, response: Response): Response {
  const { headers } = request
  const hasBody = headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0
  if (!hasBody || (request.bodyUsed && response.status < 400)) return response
  try {
    response.headers.set('connection', 'close')
    return response
  } catch {
    // The headers of a response of fetch cannot be changed.
    const changed = new Headers(response.headers)
    changed.set('connection', 'close')
    return new Response(response.body, { status: response.status, headers: changed })
  }
}
