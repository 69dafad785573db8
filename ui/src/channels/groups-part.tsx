import { useSignal } from '@preact/signals'
import { Combobox } from '../parts/combobox.tsx'
import { Icon } from '../parts/icon.tsx'
import type { ChannelRow } from './answers.ts'
import type { Edits } from './edits.ts'
import type { Facets } from './use-facets.ts'
import { useAim } from './use-aim.ts'
import { words } from './words.ts'

const MOST_CHOICES = 50

/** The groups of a channel, the main one first. */
export function GroupsPart({
  row,
  revision,
  facets,
  edits,
  isAimed,
}: {
  row: ChannelRow
  revision: string
  facets: Facets
  edits: Edits
  /** Somebody came for this. */
  isAimed: boolean
}) {
  const texts = words().drawer
  const typed = useSignal('')
  const part = useAim(isAimed, true)
  const set = (groups: readonly string[]) =>
    void edits.change(row, revision, { groups }, words().saved.groups(row.name))
  const wanted = typed.value.trim().toLocaleLowerCase()
  const choices = facets.groups
    .filter((name) => !row.groups.includes(name) && name.toLocaleLowerCase().includes(wanted))
    .slice(0, MOST_CHOICES)
    .map((name) => ({ id: name, label: name }))
  return (
    <section class="part" ref={part} tabIndex={-1} aria-label={texts.groups}>
      <h3>{texts.groups}</h3>
      {row.groups.length === 0 && <p class="help">{texts.noGroups}</p>}
      <ul class="tags">
        {row.groups.map((name) => (
          <li key={name} class="tag">
            {name}
            <button
              type="button"
              class="tag-remove"
              aria-label={texts.removeGroup(name)}
              onClick={() => set(row.groups.filter((one) => one !== name))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <Combobox
        key={row.groups.join('\n')}
        label={texts.addGroup}
        choices={choices}
        value={null}
        empty={texts.noSuchGroup}
        onType={(text) => {
          typed.value = text
        }}
        onChoose={(name) => {
          if (name !== null) set([...row.groups, name])
        }}
      />
    </section>
  )
}
