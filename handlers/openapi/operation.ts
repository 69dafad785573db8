import type * as v from 'valibot'
import type { FailureCode } from '../../core/errors.ts'

/**
 * Who may call: everybody; those who may watch (by address or signed in); those who signed in or hold an API token; of
 * those only admins; the person whose name is in the path, and admins.
 */
export type OperationCaller = 'everybody' | 'watcher' | 'viewer' | 'admin' | 'self'

/** The schema of a query: an object whose entries are the parameters. */
export type QuerySchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> }

/** What a good call is answered with; without `schema` the body is empty. */
export type Answer = {
  readonly description: string
  readonly schema?: v.GenericSchema
  /** `application/json` unless it says otherwise. */
  readonly contentType?: string
  /** An entity tag comes with it, for `If-Match` of edits. */
  readonly tagged?: boolean
}

/** Methods of the API. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** One operation of the API: the table of these makes the document, and tests hold the routes to it. */
export type Operation = {
  readonly method: Method
  /** As OpenAPI writes it: `/api/v1/channels/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly notes?: string
  readonly caller: OperationCaller
  /** Of each parameter of the path, what it is and a good one. */
  readonly segments?: Readonly<Record<string, { readonly description: string; readonly example: string }>>
  readonly query?: QuerySchema
  readonly body?: { readonly schema: v.GenericSchema; readonly example: unknown; readonly optional?: boolean }
  /** Takes the entity tag of what is edited as `If-Match`; the failure if it is another one. */
  readonly ifMatch?: FailureCode
  readonly answers: Readonly<Record<number, Answer>>
  /** Failures of its own, beside those that its caller, query, body and `If-Match` bring. */
  readonly failures?: readonly FailureCode[]
}
