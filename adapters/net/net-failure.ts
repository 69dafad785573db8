import { Failure } from '../../core/errors.ts'

/** What a broken connection means before there is an answer. `who` names the other side: `The source`. */
export function connectFailure(error: unknown, who: string): Failure {
  const code = codeOf(error)
  if (code.startsWith('HPE_'))
    return new Failure('source/bad-answer', `${who} answers with something that is not HTTP`, { code }, error)
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/i.test(code))
    return new Failure('source/unreachable', `No secure connection: the certificate is not trusted`, { code }, error)
  const what =
    code === 'ECONNREFUSED'
      ? 'refuses connections'
      : code === 'ECONNRESET' || code === 'EPIPE'
        ? 'closed the connection'
        : 'cannot be reached'
  return new Failure('source/unreachable', `${who} ${what}`, { code }, error)
}

/** The answer was cut off. */
export const brokenOff = (cause?: unknown): Failure =>
  new Failure('source/bad-answer', 'The source broke off in the middle of its answer', {}, cause)

/** The answer is larger than it may be. */
export const tooLarge = (maxBytes: number): Failure =>
  new Failure('source/bad-answer', `The answer of the source is larger than ${maxBytes} bytes`, { maxBytes })

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
