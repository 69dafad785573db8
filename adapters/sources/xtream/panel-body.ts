import { Failure } from '../../../core/errors.ts'

// A refusal often comes as 200: with nothing, or with a web page (protocols/xtream.md §2.2).

const emptyAnswer = (): Failure =>
  new Failure(
    'source/blocked',
    'The panel answers with nothing at all, which is how it refuses programs and addresses that it does not like',
  )

/** The same chunks. Fails with `source/blocked` when there is not one byte, or a web page. */
export async function* refuseNothing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isEmpty = true
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue
    if (isEmpty && isPage(chunk)) throw webPage()
    isEmpty = false
    yield chunk
  }
  if (isEmpty) throw emptyAnswer()
}

const isPage = (chunk: Uint8Array): boolean => /^\s*</.test(new TextDecoder().decode(chunk.subarray(0, 64)))

const webPage = (): Failure =>
  new Failure('source/blocked', 'The panel answers with a web page: it wants to see a browser, or refuses this program')

/** The whole as UTF-8. */
export async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/** The text as JSON; `what` names it in messages. Fails with `source/blocked|bad-answer`. */
export function readJson(text: string, what: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') throw emptyAnswer()
  if (trimmed.startsWith('<')) throw webPage()
  try {
    return JSON.parse(trimmed)
  } catch (cause) {
    throw new Failure('source/bad-answer', `The panel answers ${what} with something that is no JSON`, {}, cause)
  }
}
