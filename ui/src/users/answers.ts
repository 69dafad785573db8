import * as v from 'valibot'
import { Instant } from '../api/answers.ts'

/** A person of the house. */
const Person = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(['admin', 'viewer']),
  maxStreams: v.nullable(v.number()),
  groups: v.nullable(v.array(v.string())),
  selections: v.nullable(v.array(v.string())),
  adultLock: v.boolean(),
  expires: v.nullable(Instant),
  managed: v.boolean(),
})
/** A person of the house. */
export type Person = v.InferOutput<typeof Person>

/** `GET /api/v1/users`. */
export const PeopleAnswer = v.object({ items: v.array(Person) })
/** `GET /api/v1/users/{id}`, and what edits answer. */
export const PersonAnswer = Person

/** What devices and programs prove themselves with. */
export const TOKEN_KINDS = ['viewing', 'app', 'api'] as const
/** One of them. */
export type TokenKind = (typeof TOKEN_KINDS)[number]

const Token = v.object({
  id: v.string(),
  kind: v.picklist(TOKEN_KINDS),
  name: v.string(),
  owner: v.nullish(v.string(), null),
  lastSeen: v.nullish(Instant, null),
})
/** A proof of a device, as lists show it. */
export type DeviceToken = v.InferOutput<typeof Token>

/** `GET /api/v1/tokens` and `/api/v1/users/{id}/tokens`. */
export const DeviceTokensAnswer = v.object({ items: v.array(Token) })

/** A new proof; the only time it is told. */
export const FreshToken = v.object({
  id: v.string(),
  kind: v.picklist(TOKEN_KINDS),
  name: v.string(),
  token: v.string(),
  playlistUrl: v.optional(v.string()),
  guideUrl: v.optional(v.string()),
})
export type FreshToken = v.InferOutput<typeof FreshToken>

/** `POST /api/v1/tokens/{id}/short-link`. */
export const ShortLinkAnswer = v.object({ url: v.string() })

/** `GET /api/v1/audit`. */
export const AuditAnswer = v.object({
  items: v.array(
    v.object({
      id: v.number(),
      at: Instant,
      who: v.nullish(v.string(), null),
      by: v.string(),
      address: v.string(),
      action: v.string(),
    }),
  ),
})
/** Changes that were made, newest first. */
export type AuditAnswer = v.InferOutput<typeof AuditAnswer>
