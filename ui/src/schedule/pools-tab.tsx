import { useSignal } from '@preact/signals'
import type { Pool } from '../../../core/linear/document/pool.ts'
import { Icon } from '../parts/icon.tsx'
import type { Draft } from './draft.ts'
import { PoolDrawer } from './pool-drawer.tsx'
import { freshName } from './slot-edits.ts'
import { words } from './words.ts'

const NEW: Omit<Pool, 'id'> = {
  items: [],
  query: { kinds: ['film'] },
  mode: 'shuffle',
  groupBy: null,
  onWrap: 'reshuffle',
}

/** What slots choose from. */
export function PoolsTab({ draft }: { draft: Draft }) {
  const { pools } = draft.plan.value
  const opened = useSignal<string | null>(null)
  const texts = words().pools
  const add = () => {
    const id = freshName(draft.plan.peek().pools, texts.title)
    draft.change((plan) => ({ ...plan, pools: [...plan.pools, { ...NEW, id }] }))
    opened.value = id
  }
  return (
    <section class="pools">
      <p class="lead">{texts.lead}</p>
      <button type="button" class="button" onClick={add}>
        <Icon name="plus" />
        {texts.add}
      </button>
      {pools.length === 0 && <p class="nothing">{texts.none}</p>}
      <ul class="plain pool-list">
        {pools.map((pool) => (
          <li key={pool.id}>
            <button
              type="button"
              class="pool"
              onClick={() => {
                opened.value = pool.id
              }}
            >
              <span class="pool-name">{pool.id}</span> <span class="pool-facts">{poolFacts(pool).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
      {opened.value !== null && (
        <PoolDrawer
          key={opened.value}
          draft={draft}
          id={opened.value}
          onClose={() => {
            opened.value = null
          }}
        />
      )}
    </section>
  )
}

/** What a pool is made of, and its order. */
function poolFacts({ items, query, mode }: Pool): readonly string[] {
  const texts = words().pools
  if (query === null) return [texts.items(items.length), texts.modes[mode]]
  const kinds = (query.kinds ?? []).map((kind) => words().library.kinds[kind])
  const parts = [...kinds, ...(query.series ?? []), ...(query.genres ?? []), query.words, query.folder]
  const told = parts.filter((part) => part !== undefined && part !== '')
  return [
    told.length === 0 ? texts.any : told.join(', '),
    ...(items.length > 0 ? [texts.found(items.length)] : []),
    texts.modes[mode],
  ]
}
