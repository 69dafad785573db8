import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import * as v from 'valibot'
import { SHORTEST_PASSPHRASE } from '../../../core/backup/backup.ts'
import { at } from '../api/base.ts'
import { asProblem, problemOf } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatBytes, formatDateTime } from '../text/format.ts'
import { BackupJob, BackupsAnswer } from './answers.ts'
import type { Backup } from './answers.ts'
import { RestoreDialog } from './restore-dialog.tsx'
import { words } from './words.ts'

/** Kept backups: make, download, send, bring back, delete. */
export function BackupsSection({ onChange }: { onChange: () => void }) {
  const toasts = useToasts()
  const seen = useSignal<BackupsAnswer | null>(null)
  const problem = useSignal<Problem | null>(null)
  const isMaking = useSignal(false)
  const isAsking = useSignal(false)
  const restoring = useSignal<Backup | null>(null)
  const deleting = useSignal<Backup | null>(null)
  const file = useRef<HTMLInputElement>(null)

  const load = async (signal?: AbortSignal): Promise<void> => {
    try {
      seen.value = await ask('/api/v1/backup', BackupsAnswer, signal === undefined ? {} : { signal })
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  useEvent('job', BackupJob, ({ kind, state }) => {
    if (kind !== 'backup' || state === 'queued' || state === 'running') return
    isMaking.value = false
    if (state === 'failed') toasts.show({ text: words().makingFailed, bad: true })
    void load()
    onChange()
  })
  const make = async (wish: { extras: readonly string[]; passphrase: string | null }) => {
    isMaking.value = true
    try {
      await ask('/api/v1/backup', v.object({}), { method: 'POST', json: wish })
    } catch (thrown) {
      isMaking.value = false
      toasts.fail(thrown)
    }
  }
  const send = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    try {
      const headers = { Accept: 'application/json', 'Content-Type': 'application/octet-stream' }
      const answer = await fetch(at('/api/v1/backup'), {
        method: 'PUT',
        headers,
        body: chosen,
        credentials: 'same-origin',
      })
      if (!answer.ok) throw await problemOf(answer)
      await load()
      toasts.show({ text: words().sent })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  const remove = async ({ name }: Backup) => {
    deleting.value = null
    try {
      await order(`/api/v1/backup/${encodeURIComponent(name)}`, { method: 'DELETE' })
      toasts.show({ text: words().deleted })
    } catch (thrown) {
      toasts.fail(thrown)
    }
    await load()
  }

  return (
    <section class="system-part" aria-labelledby="backups">
      <div class="system-part-head">
        <h2 id="backups">{words().backups}</h2>
        <button
          type="button"
          class="button button-strong"
          disabled={isMaking.value}
          onClick={() => (isAsking.value = true)}
        >
          <Icon name="plus" />
          {isMaking.value ? words().making : words().make}
        </button>
        <button type="button" class="button" onClick={() => file.current?.click()}>
          <Icon name="upload" />
          {words().send}
        </button>
        <input
          ref={file}
          type="file"
          class="visually-hidden"
          tabIndex={-1}
          aria-label={words().send}
          accept=".gz,.locked"
          onChange={(event) => {
            void send(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </div>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      {seen.value !== null && (
        <p class="help">
          {seen.value.keep === 0 || seen.value.nextAt === null
            ? words().noDaily
            : words().daily(seen.value.keep, formatDateTime(seen.value.nextAt))}
        </p>
      )}
      {seen.value?.items.length === 0 && <p class="nothing">{words().noBackups}</p>}
      <ul class="backups plain">
        {(seen.value?.items ?? []).map((backup) => {
          const when = formatDateTime(backup.madeAt)
          return (
            <li key={backup.name} class="backup">
              <span class="backup-when">
                <strong>{when}</strong>
                <small>
                  {words().kinds[backup.kind]} · {formatBytes(backup.bytes)}
                  {backup.locked && ` · ${words().locked}`}
                </small>
              </span>
              <a
                class="button"
                href={at(`/api/v1/backup/${encodeURIComponent(backup.name)}`)}
                download={backup.name}
                aria-label={words().download(when)}
              >
                <Icon name="download" />
              </a>
              <button type="button" class="button" onClick={() => (restoring.value = backup)}>
                <Icon name="undo" />
                {words().bringBack}
              </button>
              <button
                type="button"
                class="button button-quiet button-icon"
                aria-label={words().delete(when)}
                onClick={() => (deleting.value = backup)}
              >
                <Icon name="bin" />
              </button>
            </li>
          )
        })}
      </ul>
      <MakeDialog open={isAsking.value} onClose={() => (isAsking.value = false)} onMake={(wish) => void make(wish)} />
      <RestoreDialog backup={restoring.value} onClose={() => (restoring.value = null)} />
      <Dialog
        title={words().deleteTitle}
        open={deleting.value !== null}
        onClose={() => (deleting.value = null)}
        urgent
        actions={
          <button
            type="button"
            class="button button-danger"
            onClick={() => {
              if (deleting.value !== null) void remove(deleting.value)
            }}
          >
            {words().deleteIt}
          </button>
        }
      >
        <p>{words().deleteQuestion}</p>
      </Dialog>
    </section>
  )
}

const EXTRAS = ['guide', 'history', 'configuration'] as const

function MakeDialog({
  open,
  onClose,
  onMake,
}: {
  open: boolean
  onClose: () => void
  onMake: (wish: { extras: readonly string[]; passphrase: string | null }) => void
}) {
  const id = useId()
  const extras = useSignal<readonly string[]>([])
  const passphrase = useSignal('')
  const isTooShort = passphrase.value !== '' && passphrase.value.length < SHORTEST_PASSPHRASE
  return (
    <Dialog
      title={words().make}
      open={open}
      onClose={onClose}
      actions={
        <button
          type="button"
          class="button button-strong"
          disabled={isTooShort}
          onClick={() => {
            onMake({ extras: extras.value, passphrase: passphrase.value === '' ? null : passphrase.value })
            passphrase.value = ''
            onClose()
          }}
        >
          {words().makeIt}
        </button>
      }
    >
      <p>{words().makeHelp}</p>
      {EXTRAS.map((extra) => (
        <label key={extra} class="backup-extra">
          <input
            type="checkbox"
            checked={extras.value.includes(extra)}
            onChange={(event) => {
              extras.value = event.currentTarget.checked
                ? [...extras.value, extra]
                : extras.value.filter((one) => one !== extra)
            }}
          />
          {words().extras[extra]}
        </label>
      ))}
      <div class="field">
        <label class="label" for={id}>
          {words().passphrase}
        </label>
        <input
          id={id}
          type="password"
          autocomplete="new-password"
          aria-describedby={`${id}-help`}
          value={passphrase.value}
          onInput={(event) => (passphrase.value = event.currentTarget.value)}
        />
        <p class="help" id={`${id}-help`}>
          {words().passphraseHelp(SHORTEST_PASSPHRASE)}
        </p>
      </div>
    </Dialog>
  )
}
