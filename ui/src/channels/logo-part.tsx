import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Problem } from '../api/problem.ts'
import type { Ask } from '../api/request.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import type { ChannelRow } from './answers.ts'
import type { Edits } from './edits.ts'
import { words } from './words.ts'

/** The picture of a channel: as its source has it, from an address, or out of a file. */
export function LogoPart({ row, edits }: { row: ChannelRow; edits: Edits }) {
  const texts = words().drawer
  const { saved } = words()
  const address = useSignal('')
  const problem = useSignal<Problem | null>(null)
  const isBusy = useSignal(false)
  const file = useRef<HTMLInputElement>(null)
  const give = async (request: Ask, done: string) => {
    if (isBusy.value) return
    isBusy.value = true
    problem.value = await edits.attempt(`/api/v1/channels/${encodeURIComponent(row.id)}/logo`, request, done)
    isBusy.value = false
    if (problem.value === null) address.value = ''
  }
  const upload = (chosen: File) =>
    void give(
      { method: 'POST', file: chosen, headers: { 'Content-Type': 'application/octet-stream' } },
      saved.logo(row.name),
    )
  const state = row.ownLogo !== null ? texts.logoOwn : row.hasLogo ? texts.logoSource : texts.logoNone
  return (
    <section class="part" aria-busy={isBusy.value}>
      <h3>{texts.logo}</h3>
      <div class="logo-now">
        <ChannelLogo channel={row} />
        <p class="help">{state}</p>
        {row.ownLogo !== null && (
          <button
            type="button"
            class="link"
            onClick={() => void give({ method: 'DELETE' }, saved.sourceLogo(row.name))}
          >
            {texts.logoBack}
          </button>
        )}
      </div>
      <form
        class="logo-form"
        onSubmit={(event) => {
          event.preventDefault()
          void give({ method: 'PUT', json: { url: address.value.trim() } }, saved.logo(row.name))
        }}
      >
        <label class="field">
          <span class="label">{texts.logoAddress}</span>
          <input
            type="url"
            required
            maxLength={2000}
            autocomplete="off"
            spellcheck={false}
            placeholder="https://"
            value={address.value}
            onInput={({ currentTarget }) => {
              address.value = currentTarget.value
            }}
          />
          <span class="help">{texts.logoHelp}</span>
        </label>
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        <div class="logo-ways">
          <button type="submit" class="button" disabled={isBusy.value}>
            {isBusy.value ? texts.logoFetching : texts.logoUse}
          </button>
          <button type="button" class="button" disabled={isBusy.value} onClick={() => file.current?.click()}>
            {texts.logoFile}
          </button>
          <input
            ref={file}
            type="file"
            hidden
            aria-label={texts.logoFile}
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? []
              currentTarget.value = ''
              if (chosen !== undefined) upload(chosen)
            }}
          />
        </div>
      </form>
    </section>
  )
}
