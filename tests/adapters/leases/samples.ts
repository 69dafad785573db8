import { Failure } from '../../../core/errors.ts'

/** A wish for the only seat of a person. */
export const seat = {
  account: 'anna',
  device: 'tv',
  subject: 'c1',
  since: 1000,
  expiresAt: 21_000,
  limit: 1,
  mayReplace: true,
}
/** Whether a store says that it is away, in these words and without those that nobody may see. */
export const isFailure =
  (pattern: RegExp, never = '-none-') =>
  (error: unknown): boolean =>
    error instanceof Failure &&
    error.code === 'access/no-leases' &&
    pattern.test(error.message) &&
    !error.message.includes(never)
