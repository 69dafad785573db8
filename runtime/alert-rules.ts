import * as v from 'valibot'
import type { SettingStore } from '../adapters/store/setting-store.ts'
import { RuleChanges } from '../core/alerts/rule.ts'

/** Under this name the owner's changes of rules are kept. */
export const RULES_KEY = 'alerts/rules'

/** The owner's changes of rules; those that another version of the program wrote are left out. */
export async function readRuleChanges(
  settings: Pick<SettingStore, 'text'>,
): Promise<Partial<v.InferOutput<typeof RuleChanges>>> {
  const text = await settings.text(RULES_KEY)
  if (text === null) return {}
  const found = v.safeParse(RuleChanges, JSON.parse(text))
  return found.success ? found.output : {}
}
