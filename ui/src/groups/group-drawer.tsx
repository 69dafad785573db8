import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { at } from '../api/base.ts'
import { ask } from '../api/request.ts'
import { ChannelsAnswer } from '../api/answers.ts'
import type { Edits } from '../channels/edits.ts'
import { OrderList } from '../grid/order-list.tsx'
import { channelsPath } from '../lineup/channel-pages.ts'
import { Dialog } from '../parts/dialog.tsx'
import type { GroupRow } from './columns.tsx'
import { words } from './words.ts'

/** An order by hand of more is no work for a list in a drawer. */
const MOST_ORDERED = 200

type Member = { readonly id: string; readonly number: string; readonly name: string }
type Sort = GroupRow['sort']

/** One group: name, logo, whether it is shown, and the order of its channels. */
export function GroupDrawer({ group, edits, onClose }: { group: GroupRow; edits: Edits; onClose: () => void }) {
  const texts = words().drawer
  const sort = useSignal<Sort>(group.sort)
  const members = useSignal<readonly Member[]>([])
  const isOrdered = useSignal(false)
  useEffect(() => {
    const stop = new AbortController()
    const path = channelsPath({ q: '', group: group.name }, 0, MOST_ORDERED)
    ask(path, ChannelsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        members.value = items
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [group.name, members])
  const isSmall = group.channels <= MOST_ORDERED
  const path = `/api/v1/groups/${encodeURIComponent(group.name)}`

  const save = async (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const name = String(fields.get('name') ?? '').trim()
    const logo = String(fields.get('logo') ?? '').trim()
    const json = {
      ...(name !== group.name && { name: name === '' ? null : name }),
      ...(logo !== (group.logo ?? '') && { logo: logo === '' ? null : logo }),
      hidden: fields.get('hidden') !== null,
      ...(sort.value === 'own' && isOrdered.value
        ? { channels: members.value.map(({ id }) => id) }
        : { sort: sort.value }),
    }
    if (await edits.make(path, { method: 'PATCH', json }, words().saved.edited(name || group.name))) onClose()
  }
  const remove = async () => {
    if (await edits.make(path, { method: 'DELETE' }, words().saved.removed(group.name))) onClose()
  }
  const isOwn = group.sourceName === null
  const isTouched =
    isOwn || group.sourceName !== group.name || group.hidden || group.logo !== null || group.sort !== 'number'
  return (
    <Dialog
      title={group.name}
      open
      side
      onClose={onClose}
      actions={
        <>
          {isTouched && (
            <button type="button" class="button button-danger" onClick={() => void remove()}>
              {isOwn ? texts.removeOwn : texts.remove}
            </button>
          )}
          <button type="submit" form="group-form" class="button button-strong">
            {texts.save}
          </button>
        </>
      }
    >
      <form
        id="group-form"
        class="plain"
        onSubmit={(event) => {
          event.preventDefault()
          void save(event.currentTarget)
        }}
      >
        <label class="field">
          <span class="label">{texts.name}</span>
          <input
            name="name"
            type="text"
            defaultValue={group.name}
            maxLength={120}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <label class="field">
          <span class="label">{texts.logo}</span>
          <input
            name="logo"
            type="text"
            inputMode="url"
            defaultValue={group.logo ?? ''}
            maxLength={500}
            autocomplete="off"
            spellcheck={false}
          />
          <span class="help">{texts.logoHelp}</span>
        </label>
        <label class="choice">
          <input name="hidden" type="checkbox" defaultChecked={group.hidden} />
          <span>{texts.hidden}</span>
        </label>
        <label class="field">
          <span class="label">{texts.sort}</span>
          <select
            value={sort.value}
            onChange={(event) => {
              sort.value = event.currentTarget.value as Sort
            }}
          >
            {(['number', 'name', 'own'] as const).map((one) => (
              <option key={one} value={one} disabled={one === 'own' && !isSmall}>
                {words().sorts[one]}
              </option>
            ))}
          </select>
        </label>
      </form>
      {!isSmall && <p class="help">{texts.tooMany(MOST_ORDERED)}</p>}
      {sort.value === 'own' && isSmall && (
        <section class="part">
          <h3>{texts.order}</h3>
          <p class="help">{texts.orderHelp}</p>
          <OrderList
            items={members.value}
            name={(member) => member.name}
            onOrder={(next) => {
              members.value = next
              isOrdered.value = true
            }}
            render={(member) => (
              <span class="stream-line">
                <span class="stream-name">{member.name}</span>
                <small>{member.number}</small>
              </span>
            )}
          />
        </section>
      )}
      <a href={at(`/channels?group=${encodeURIComponent(group.name)}`)}>{texts.seeChannels}</a>
    </Dialog>
  )
}
