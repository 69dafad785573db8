import * as v from 'valibot'
import { Secret } from '../secret.ts'

const text = v.pipe(v.string(), v.trim(), v.nonEmpty())
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

/** The keys of a guide document (`guide.xmltv[]`). One of `url` and `file` is needed. */
export const guideFeedSchema = v.strictObject({
  id: text,
  name: v.optional(text),
  enabled: v.optional(v.boolean(), true),
  url: v.optional(
    v.pipe(
      text,
      v.check((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? ''), 'an http(s) address'),
      v.transform((url) => new Secret(url)),
    ),
  ),
  file: v.optional(text),
  refreshHours: v.optional(whole(1, 168)),
  priority: v.optional(whole(-1000, 1000), 0),
  shiftMinutes: v.optional(whole(-1440, 1440), 0),
  language: v.optional(v.pipe(text, v.regex(/^[a-z]{2,3}$/i, 'a language like "de"'), v.toLowerCase())),
  userAgent: v.optional(text),
  headers: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'names of HTTP headers')),
      v.pipe(
        v.string(),
        v.regex(/^[\t\u0020-\u007e]*$/, 'a text without line breaks'),
        v.transform((value) => new Secret(value)),
      ),
    ),
    {},
  ),
  allowHosts: v.optional(v.array(text), []),
})
