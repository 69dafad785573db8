/**
 * Headers of every answer on a viewing route: web players of any origin may read it and our error codes.
 *
 * The app adds them to every finished `Response`. A face that sends its header itself (`BodyOutlet`) passes them along.
 */
export const VIEWING_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'X-Downlink-Error, Retry-After',
} as const
