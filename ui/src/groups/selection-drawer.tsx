import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { RowsAnswer } from '../channels/answers.ts'
import type { Edits } from '../channels/edits.ts'
import { rowsPath } from '../channels/rows.ts'
import { quote } from '../channels/view.ts'
import { OrderList } from '../grid/order-list.tsx'
import { Combobox } from '../parts/combobox.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { SelectionAnswer } from './answers.ts'
import type { SelectionMade } from './answers.ts'
import { wordOf } from './word-of.ts'
import { words } from './words.ts'

type Member = { readonly id: string; readonly number: string; readonly name: string }
type Sort = SelectionMade['sort']

const BY_NUMBER = { by: 'number', isDescending: false }
/** So many ids fit into a filter. */
const MOST_SHOWN = 100

/** How a selection is made: chosen channels in their order, then what a filter finds. `id` null: a new one. */
export function SelectionDrawer({ id, edits, onClose }: { id: string | null; edits: Edits; onClose: () => void }) {
  const texts = words().selections
  const name = useSignal('')
  const word = useSignal<string | null>(id)
  const filter = useSignal('')
  const sort = useSignal<Sort>('number')
  const members = useSignal<readonly Member[]>([])
  useEffect(() => {
    if (id === null) return
    const stop = new AbortController()
    const { signal } = stop
    const load = async () => {
      const made = await ask(`/api/v1/selections/${encodeURIComponent(id)}`, SelectionAnswer, { signal })
      name.value = made.name
      filter.value = made.filter ?? ''
      sort.value = made.sort
      members.value = await fetchMembers(made.channels, signal)
    }
    void load().catch(() => undefined)
    return () => stop.abort()
  }, [id, name, filter, sort, members])

  const wantedId = word.value ?? wordOf(name.value)
  const isReady = name.value.trim() !== '' && /^[a-z0-9][a-z0-9-]{0,39}$/.test(wantedId)
  const path = `/api/v1/selections/${encodeURIComponent(wantedId)}`
  const save = async () => {
    const json = {
      name: name.value.trim(),
      filter: filter.value.trim() === '' ? null : filter.value.trim(),
      channels: members.value.map((member) => member.id),
      sort: sort.value,
    }
    if (await edits.make(path, { method: 'PUT', json }, texts.saved(json.name))) onClose()
  }
  const remove = async () => {
    if (await edits.make(path, { method: 'DELETE' }, texts.removed(name.value))) onClose()
  }
  return (
    <Dialog
      title={id === null ? texts.add : texts.editTitle}
      open
      side
      onClose={onClose}
      actions={
        <>
          {id !== null && (
            <button type="button" class="button button-danger" onClick={() => void remove()}>
              {texts.remove}
            </button>
          )}
          <button type="button" class="button button-strong" disabled={!isReady} onClick={() => void save()}>
            {texts.save}
          </button>
        </>
      }
    >
      <label class="field">
        <span class="label">{texts.name}</span>
        <input
          type="text"
          value={name.value}
          maxLength={120}
          autocomplete="off"
          onInput={(event) => {
            name.value = event.currentTarget.value
          }}
        />
      </label>
      {id === null && (
        <label class="field">
          <span class="label">{texts.id}</span>
          <input
            type="text"
            value={wantedId}
            maxLength={40}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => {
              word.value = event.currentTarget.value
            }}
          />
          <span class="help">{texts.idHelp}</span>
        </label>
      )}
      <label class="field">
        <span class="label">{texts.filter}</span>
        <input
          type="text"
          value={filter.value}
          maxLength={2000}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            filter.value = event.currentTarget.value
          }}
        />
        <span class="help">{texts.filterHelp}</span>
      </label>
      <Found filter={filter.value.trim()} />
      <label class="field">
        <span class="label">{texts.sort}</span>
        <select
          value={sort.value}
          onChange={(event) => {
            sort.value = event.currentTarget.value as Sort
          }}
        >
          {(['number', 'name', 'group'] as const).map((one) => (
            <option key={one} value={one}>
              {texts.sorts[one]}
            </option>
          ))}
        </select>
      </label>
      <section class="part">
        <h3>{texts.members}</h3>
        <OrderList
          items={members.value}
          name={(member) => member.name}
          onOrder={(next) => {
            members.value = next
          }}
          render={(member) => (
            <span class="stream-line">
              <span class="stream-name">{member.name}</span>
              <small>{member.number}</small>
            </span>
          )}
          actions={(member) => (
            <button
              type="button"
              class="button button-quiet button-icon"
              aria-label={texts.removeMember(member.name)}
              onClick={() => {
                members.value = members.value.filter((one) => one.id !== member.id)
              }}
            >
              <Icon name="close" />
            </button>
          )}
        />
        <AddMember
          key={members.value.length}
          onAdd={(member) => {
            if (members.value.every((one) => one.id !== member.id)) members.value = [...members.value, member]
          }}
        />
      </section>
    </Dialog>
  )
}

/** The channels of these ids in their order; what is beyond a filter's room is named by its id. */
async function fetchMembers(ids: readonly string[], signal: AbortSignal): Promise<readonly Member[]> {
  const known = new Map<string, Member>()
  for (let at = 0; at < ids.length; at += MOST_SHOWN) {
    const some = ids.slice(at, at + MOST_SHOWN)
    const path = rowsPath(`id in (${some.map(quote).join(', ')})`, BY_NUMBER, 0, MOST_SHOWN)
    const { items } = await ask(path, RowsAnswer, { signal })
    for (const item of items) known.set(item.id, item)
  }
  return ids.map((id) => known.get(id) ?? { id, number: '', name: id })
}

/** How many channels a filter finds, or what is wrong with it. */
function Found({ filter }: { filter: string }) {
  const found = useSignal<number | Problem | null>(null)
  useEffect(() => {
    found.value = null
    if (filter === '') return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      ask(rowsPath(`(${filter}) and enabled`, BY_NUMBER, 0, 1), RowsAnswer, { signal: stop.signal }).then(
        ({ total }) => {
          found.value = total
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) found.value = asProblem(thrown)
        },
      )
    }, 300)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [filter, found])
  const { value } = found
  return (
    <p class={typeof value === 'object' && value !== null ? 'form-problem' : 'help'} role="status">
      {typeof value === 'number' ? words().selections.finds(value) : value === null ? '' : value.message}
    </p>
  )
}

function AddMember({ onAdd }: { onAdd: (member: Member) => void }) {
  const texts = words().selections
  const typed = useSignal('')
  const found = useSignal<readonly Member[]>([])
  useEffect(() => {
    const text = typed.value.trim()
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const filter = text === '' ? 'enabled' : `text = ${quote(text)} and enabled`
      ask(rowsPath(filter, BY_NUMBER, 0, 20), RowsAnswer, { signal: stop.signal }).then(
        ({ items }) => {
          found.value = items
        },
        () => undefined,
      )
    }, 200)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [typed.value, found])
  return (
    <Combobox
      label={texts.addMember}
      choices={found.value.map(({ id, number, name }) => ({ id, label: `${number} ${name}` }))}
      value={null}
      empty={texts.noChannel}
      onType={(text) => {
        typed.value = text
      }}
      onChoose={(id) => {
        const member = found.value.find((one) => one.id === id)
        if (member !== undefined) onAdd(member)
      }}
    />
  )
}
