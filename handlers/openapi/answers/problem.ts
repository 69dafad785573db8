import * as v from 'valibot'
import { count, text } from './leaves.ts'

/** A problem document (RFC 9457) with our own members `code` and `advice`. */
export const ProblemAnswer = v.object({
  type: text('urn:downlink:problem:http/bad-request'),
  title: text('The request cannot be read'),
  status: count(400),
  detail: text('Cannot read the query: "limit" should be <=200'),
  code: v.pipe(v.string(), v.description('One of a closed list'), v.examples(['http/bad-request'])),
  advice: v.optional(v.string()),
})
