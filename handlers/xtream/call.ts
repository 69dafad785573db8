import type { Context } from 'hono'
import { readBodyText } from '../body.ts'

/** Parameters of a call, wherever the client has put them. */
export type CallParameters = Pick<URLSearchParams, 'get'>

/** Name and password as a client sends them; both empty: it sends none. */
export type Pair = { readonly username: string; readonly password: string }

/**
 * The parameters of a call: those of the query, then those of the body of a POST: a form, a JSON object, or the `{}` of
 * some players. A body of any other kind says nothing.
 *
 * Fails with `http/too-large`. Source: protocols/xtream.md §7.1, §7.2.
 */
export async function readCall(c: Context): Promise<CallParameters> {
  const query = new URL(c.req.url).searchParams
  if (c.req.method !== 'POST') return query
  const body = readBody(await readBodyText(c))
  return { get: (name) => query.get(name) ?? body.get(name) }
}

function readBody(text: string): CallParameters {
  if (!text.trimStart().startsWith('{')) return new URLSearchParams(text.trim())
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(readObject(text)))
    if (typeof value === 'string' || typeof value === 'number') fields.set(name, String(value))
  return fields
}

function readObject(text: string): object {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : {}
  } catch {
    return {} // a body that says nothing
  }
}

/** The pair of a call. */
export const pairOf = (call: CallParameters): Pair => ({
  username: (call.get('username') ?? '').trim(),
  password: (call.get('password') ?? '').trim(),
})

/** A whole number of at most ten digits; 0 for everything else. */
export function numberOf(call: CallParameters, name: string): number {
  const text = call.get(name) ?? ''
  return /^\d{1,10}$/.test(text) ? Number(text) : 0
}

/** The category that a list is asked for; null: all of them, for which some players have a word of their own. */
export function categoryOf({ parameters }: { readonly parameters: CallParameters }): string | null {
  const category = parameters.get('category_id') ?? ''
  return /^(|0|\*|all)$/i.test(category) ? null : category
}
