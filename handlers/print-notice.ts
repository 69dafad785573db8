import type { Notice } from '../core/notices/notice.ts'
import { withoutSecrets } from '../core/without-secrets.ts'

/** A notice as the API shows it. What a device or provider has written stands in it: secrets are taken out. */
export const printNotice = ({ text, facts, ...notice }: Notice): Notice => ({
  ...notice,
  facts: Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? withoutSecrets(fact) : fact]),
  ),
  text: withoutSecrets(text),
})
