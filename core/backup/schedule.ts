import type { BackupKind, KeptBackup } from './backup.ts'

/**
 * The last instant at or before `now` at which the clock on the wall showed this full hour; of the zone of this machine.
 */
export function lastHour(now: number, hour: number): number {
  const at = new Date(now)
  at.setHours(hour, 0, 0, 0)
  // A day that has not come to the hour yet: the hour of the day before.
  if (at.getTime() > now) at.setDate(at.getDate() - 1)
  return at.getTime()
}

/** The next instant after `now` at which the clock on the wall shows this full hour. */
export function nextHour(now: number, hour: number): number {
  const at = new Date(lastHour(now, hour))
  at.setDate(at.getDate() + 1)
  return at.getTime()
}

/** Whether the daily backup is due: the hour has come since the last one, and since the house began. */
export function isBackupDue(
  { kept, since, hour }: { readonly kept: readonly KeptBackup[]; readonly since: number; readonly hour: number },
  now: number,
): boolean {
  const last = kept.reduce((latest, { kind, madeAt }) => (kind === 'daily' ? Math.max(latest, madeAt) : latest), 0)
  const due = lastHour(now, hour)
  // A house that has none yet waits for the hour: on its first start there is nothing to lose.
  return last < due && (last > 0 || since < due)
}

/** How many are kept of what came by itself; what people asked for they delete themselves. */
const KEPT = { uploaded: 5, 'before-restore': 3 } as const

/** Names of backups to delete, so that of each kind no more are kept than there should be. */
export function outdatedBackups(kept: readonly KeptBackup[], daily: number): readonly string[] {
  const most: Partial<Record<BackupKind, number>> = { ...KEPT, daily }
  return [...Map.groupBy(kept, ({ kind }) => kind)].flatMap(([kind, all]) => {
    const sorted = all.toSorted((a, b) => b.madeAt - a.madeAt || (a.name < b.name ? 1 : -1))
    return sorted.slice(most[kind] ?? Infinity).map(({ name }) => name)
  })
}
