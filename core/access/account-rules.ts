import { Failure } from '../errors.ts'
import { isReserved } from './reserved-segments.ts'

/** Longest password, in characters; the rest of a longer one is not looked at. */
export const MAX_PASSWORD_LENGTH = 256
const MIN_PASSWORD_LENGTH = 8
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,39}$/u

/** Whether an account may have this name; it becomes a segment of addresses. */
export const isAccountName = (name: string): boolean => NAME.test(name) && !isReserved(name)

/** Fails with `http/bad-request`. */
export function checkAccountName(name: string): void {
  if (!isAccountName(name))
    throw new Failure(
      'http/bad-request',
      'The name should have 1 to 40 letters, digits or ". _ @ -", start with a letter or digit, and be no address of this program',
    )
}

/** Fails with `http/bad-request`. */
export function checkPassword(password: string): void {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH)
    throw new Failure(
      'http/bad-request',
      `The password should have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`,
    )
}
