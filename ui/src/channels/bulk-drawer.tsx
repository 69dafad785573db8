import { useSignal } from '@preact/signals'
import * as v from 'valibot'
import { asProblem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { countSelected } from '../grid/selection.ts'
import type { Selection } from '../grid/selection.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { BULK_KINDS, changeOf, EMPTY_FORM } from './bulk-change.ts'
import type { BulkForm, BulkKind } from './bulk-change.ts'
import { BulkFields } from './bulk-fields.tsx'
import type { Edits } from './edits.ts'
import { PreviewTable } from './preview-table.tsx'
import type { Target } from './target.ts'
import type { Facets } from './use-facets.ts'
import { usePreview } from './use-preview.ts'
import { words } from './words.ts'

const AcceptedAnswer = v.object({ accepted: v.number(), undo: v.nullable(v.string()) })

/** Changes of all channels that are selected: what will change is shown before the button that names it. */
export function BulkDrawer({
  target,
  total,
  selection,
  revision,
  facets,
  edits,
  onClose,
}: {
  target: Target
  total: number
  selection: Selection
  revision: string
  facets: Facets
  edits: Edits
  onClose: () => void
}) {
  const texts = words().bulk
  const toasts = useToasts()
  const form = useSignal<BulkForm>(EMPTY_FORM)
  const isWorking = useSignal(false)
  const { kind } = form.value
  const count = countSelected(selection, total)
  const change = changeOf(form.value)
  const state = usePreview({ target, form: form.value, revision })
  // Guides are accepted by filter: places of a list do not say which channels they are.
  const kinds = BULK_KINDS.filter((one) => one !== 'guide' || target.rows === undefined)

  const apply = async () => {
    isWorking.value = true
    const isDone =
      kind === 'guide'
        ? await acceptGuides(target, form.value.threshold, toasts)
        : await edits.make(
            '/api/v1/channels/bulk',
            {
              method: 'POST',
              json: { ...target, change },
              ...(target.rows !== undefined && { ifMatch: `"${revision}"` }),
            },
            words().saved.bulk(state.count ?? count),
          )
    isWorking.value = false
    if (isDone) onClose()
  }
  const isReady = state.problem === null && (kind === 'guide' ? (state.count ?? 0) > 0 : change !== null)
  const isNothing = state.count === 0
  return (
    <Dialog
      title={texts.title(count)}
      open
      side
      wide
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button
            type="button"
            class="button button-strong"
            disabled={!isReady || isNothing || isWorking.value}
            onClick={() => void apply()}
          >
            {texts.do[kind](state.count ?? count)}
          </button>
        </>
      }
    >
      <div class="field">
        <label class="label" for="bulk-kind">
          {texts.what}
        </label>
        <select
          id="bulk-kind"
          value={kind}
          onChange={(event) => {
            form.value = { ...form.value, kind: event.currentTarget.value as BulkKind }
          }}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {texts.kinds[one]}
            </option>
          ))}
        </select>
      </div>
      <BulkFields
        form={form.value}
        facets={facets}
        onForm={(next) => {
          form.value = next
        }}
      />
      <section class="bulk-preview" aria-live="polite" aria-busy={state.isAsking}>
        <h3>{texts.preview}</h3>
        {state.problem !== null && <ProblemNote problem={state.problem} />}
        {state.isAsking && state.preview === null && <p class="help">{texts.working}</p>}
        {isNothing && <p class="help">{texts.nothing}</p>}
        {kind === 'guide' && (state.count ?? 0) > 0 && <p>{texts.guides(state.count ?? 0)}</p>}
        {state.preview !== null && state.preview.changed > 0 && <PreviewTable preview={state.preview} />}
      </section>
    </Dialog>
  )
}

async function acceptGuides(target: Target, threshold: number, toasts: ReturnType<typeof useToasts>): Promise<boolean> {
  try {
    const json = { filter: target.filter, threshold }
    const { accepted, undo } = await ask('/api/v1/guide/matches/accept', AcceptedAnswer, { method: 'POST', json })
    toasts.show({
      text: words().saved.bulk(accepted),
      undo: async () => {
        await order('/api/v1/guide/matches/undo', { method: 'POST', json: { undo } })
        toasts.show({ text: words().saved.undone })
      },
    })
    return true
  } catch (thrown) {
    toasts.fail(asProblem(thrown))
    return false
  }
}
