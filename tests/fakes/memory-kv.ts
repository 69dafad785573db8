import type { KeyValues } from '../../adapters/leases/deno-kv.ts'

/** Deno KV as far as leases need it, in memory, for the runtimes that have none. Every call takes a moment, as there. */
export function createMemoryKv(): KeyValues {
  const entries = new Map<string, { readonly value: unknown; readonly versionstamp: string }>()
  let version = 0
  const nameOf = (key: readonly string[]): string => JSON.stringify(key)
  const read = (name: string) => entries.get(name) ?? { value: null, versionstamp: null }
  const atomic = (
    checks: readonly (() => boolean)[] = [],
    changes: readonly (() => void)[] = [],
  ): ReturnType<KeyValues['atomic']> => ({
    check: ({ key, versionstamp }) =>
      atomic([...checks, () => read(nameOf(key)).versionstamp === versionstamp], changes),
    set(key, value) {
      const kept = structuredClone(value)
      const change = (): void => void entries.set(nameOf(key), { value: kept, versionstamp: String((version += 1)) })
      return atomic(checks, [...changes, change])
    },
    delete: (key) => atomic(checks, [...changes, () => void entries.delete(nameOf(key))]),
    async commit() {
      await Promise.resolve()
      const ok = checks.every((check) => check())
      if (ok) for (const change of changes) change()
      return { ok }
    },
  })
  return {
    async get(key) {
      await Promise.resolve()
      return structuredClone(read(nameOf(key)))
    },
    async *list({ prefix }) {
      await Promise.resolve()
      const start = nameOf(prefix).slice(0, -1)
      for (const [name, entry] of entries) if (name.startsWith(start)) yield structuredClone(entry)
    },
    atomic: () => atomic(),
  }
}
