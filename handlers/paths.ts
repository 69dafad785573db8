import type { Context, MiddlewareHandler } from 'hono'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'

/** Spellings with which a path means something else to the next program in line than to us. */
const TREACHEROUS = /%2e|%2f|%5c|%00|\\|\/\/|\/\.\.?(\/|$)/i
/** Names of groups may hold any character; they are looked up, never walked. */
const GROUP = /^(\/[ts]\/[^/]+)?\/groups\/[^/]+$/

/** The path of the request as the caller wrote it, without query, still percent-encoded. */
export function rawPath(c: Context): string {
  const url = c.req.raw.url
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.search(/[?#]/)
  return start < 0 ? '/' : url.slice(start, end < 0 ? undefined : end)
}

/** Refuses treacherous paths before routing: there is nothing at such an address (404). */
export function refuseTreacherousPaths(answer: (c: Context, failure: Failure) => Response): MiddlewareHandler<Env> {
  return async (c, next) => {
    const path = rawPath(c)
    if (TREACHEROUS.test(path) && !(GROUP.test(path) && !/\\|\/\/|%00/.test(path))) {
      return answer(c, new Failure('http/not-found', 'There is nothing at this address'))
    }
    return next()
  }
}
