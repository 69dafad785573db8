import { isAccountName } from '../access/account-rules.ts'
import { foldName } from '../access/accounts.ts'
import type { FixedAccount } from '../access/fixed-accounts.ts'
import { FIXED_ADMIN } from '../access/fixed-admin.ts'
import { PersonKeys } from '../access/person-keys.ts'
import { readMapping, unknownKey, wrongValue } from './invalid.ts'
import { parseEntry } from './sources.ts'

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
  const known = Object.keys(PersonKeys.entries)
  for (const name of Object.keys(mapping)) if (!known.includes(name)) throw unknownKey(`${key}.${name}`, name, known)
  // An empty value of YAML is null and means that the key is not written.
  const written = Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null))
  const { name, role, password, maxStreams, groups, selections, adultLock, expires } = parseEntry(
    PersonKeys,
    written,
    key,
  )
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
