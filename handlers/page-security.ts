import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Env } from './env.ts'

/**
 * Security headers of pages and API: only our own scripts and styles, pictures and media of ours and of `mediaOrigins`
 * (where a front sends its viewers), no frames, no Referer that could carry a token away.
 *
 * Never on viewing routes: their resource policy would shut out players of other origins.
 */
export function protectPages(mediaOrigins: readonly string[]): MiddlewareHandler<Env> {
  const media = ["'self'", 'blob:', ...mediaOrigins]
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'", ...mediaOrigins],
      fontSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: media,
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'], // hls.js and mpegts.js start their workers from blobs
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Whether the whole host speaks https for ever is for its owner to say, not for one program on it.
    strictTransportSecurity: false,
    // On plain http in the LAN browsers ignore it and complain in the console.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
}
