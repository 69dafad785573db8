import type { FRONT_NOTICES } from '../../../core/notices/fronts.ts'

/** What a front tells its owner, in German: its pages have no other notices. */
export const GERMAN_OF_FRONTS: Readonly<Record<keyof typeof FRONT_NOTICES, string>> = {
  'front/mixed':
    'Der Adapter ist über http erreichbar, diese Front über https: das spielen Browser nicht ab. Dem Adapter eine https-Adresse geben',
}
