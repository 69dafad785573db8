import * as v from 'valibot'
import { isAccountName } from '../access/account-rules.ts'
import { foldName } from '../access/accounts.ts'
import type { FixedAccount } from '../access/fixed-accounts.ts'
import { FIXED_ADMIN } from '../access/fixed-admin.ts'
import { Secret } from '../secret.ts'
import { readMapping, unknownKey, wrongValue } from './invalid.ts'
import { parseEntry } from './sources.ts'

const texts = v.optional(v.array(v.pipe(v.string(), v.nonEmpty())))

/** The keys of a person, as the configuration and the pages write them. */
export const UserEntry = v.strictObject({
  name: v.string(),
  password: v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    v.minLength(8, 'a text of at least 8 characters'),
    v.maxLength(256, 'a text of at most 256 characters'),
    v.transform((text) => new Secret(text)),
  ),
  role: v.optional(v.picklist(['admin', 'viewer']), 'viewer'),
  maxStreams: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  groups: texts,
  selections: texts,
  adultLock: v.optional(v.boolean(), false),
  expires: v.optional(
    v.pipe(
      v.union([v.string(), v.date()]),
      v.transform((at) => new Date(at).getTime()),
      v.check((at) => Number.isFinite(at), 'an instant like "2027-01-31" or "2027-01-31T20:00:00Z"'),
    ),
  ),
})

/**
 * Reads `users[]`: people who are managed by the file. Fails with `config/invalid`, naming the key
 * (`users[1].maxStreams`), never with what was written.
 */
export function readUsers(list: readonly unknown[]): readonly FixedAccount[] {
  const taken = new Map<string, string>([[foldName(FIXED_ADMIN), '"admin.password"']])
  return list.map((entry, index) => {
    const key = `users[${index}]`
    const user = readUser(entry, key)
    const name = foldName(user.name)
    const holder = taken.get(name)
    if (holder !== undefined) throw wrongValue(`${key}.name`, `a name of its own; ${holder} has it already`, user.name)
    taken.set(name, key)
    return user
  })
}

function readUser(entry: unknown, key: string): FixedAccount {
  const mapping = readMapping(entry, key)
  const known = Object.keys(UserEntry.entries)
  for (const name of Object.keys(mapping)) if (!known.includes(name)) throw unknownKey(`${key}.${name}`, name, known)
  // An empty value of YAML is null and means that the key is not written.
  const written = Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null))
  const { name, role, password, maxStreams, groups, selections, adultLock, expires } = parseEntry(UserEntry, written, key)
  if (!isAccountName(name))
    throw wrongValue(`${key}.name`, '1 to 40 letters, digits or ". _ @ -", and no address of this program', name)
  return {
    name,
    role,
    password,
    limits: {
      maxStreams: maxStreams ?? null,
      groups: groups ?? null,
      selections: selections ?? null,
      adultLock,
      expiresAt: expires ?? null,
    },
  }
}
