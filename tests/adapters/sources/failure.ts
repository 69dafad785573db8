import assert from 'node:assert/strict'
import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'

/** For `assert.throws` and `assert.rejects`: whether it is an expected failure with one of these codes. */
export const failsWith =
  (...codes: readonly FailureCode[]) =>
  (error: unknown): true => {
    assert.ok(error instanceof Failure, String(error))
    assert.ok(codes.includes(error.code), `is ${error.code}: ${error.message}`)
    return true
  }
