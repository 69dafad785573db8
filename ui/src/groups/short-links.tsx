import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { CLIENTS } from '../../../core/lineup/client.ts'
import { NewTokenAnswer } from '../api/answers.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { QrCode } from '../parts/qr.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatAgo, formatDateTime } from '../text/format.ts'
import { ShortLinkAnswer, ShortLinksAnswer } from './answers.ts'
import type { ShortLinkRow } from './answers.ts'
import { words } from './words.ts'

/** What programs call themselves. */
const CLIENT_NAMES: Readonly<Record<(typeof CLIENTS)[number], string>> = {
  plex: 'Plex',
  jellyfin: 'Jellyfin',
  kodi: 'Kodi',
  tivimate: 'TiviMate',
  channels: 'Channels DVR',
  vlc: 'VLC',
}

type Fresh = { readonly tokenId: string; readonly name: string; readonly short: string; readonly long: string }

/** The short addresses of a selection: each for one device, made here, shown once, revoked here. `base`: our address for players. */
export function ShortLinks({ id, name, base }: { id: string; name: string; base: string }) {
  const texts = words().selections
  const toasts = useToasts()
  const links = useSignal<readonly ShortLinkRow[]>([])
  const problem = useSignal<Problem | null>(null)
  const fresh = useSignal<Fresh | null>(null)
  const revoking = useSignal<ShortLinkRow | null>(null)
  const isBusy = useSignal(false)
  /** Short links are given out where the line-up is kept. */
  const isOffered = useSignal(true)
  const fields = useId()
  const load = async (signal?: AbortSignal) => {
    const path = `/api/v1/short-links?selection=${encodeURIComponent(id)}`
    links.value = (await ask(path, ShortLinksAnswer, signal === undefined ? {} : { signal })).items
  }
  useEffect(() => {
    const stop = new AbortController()
    load(stop.signal).catch((thrown: unknown) => {
      if (stop.signal.aborted) return
      const found = asProblem(thrown)
      if (found.code === 'http/not-found') isOffered.value = false
      else problem.value = found
    })
    return () => stop.abort()
  }, [id])
  const attempt = async (work: () => Promise<void>) => {
    isBusy.value = true
    problem.value = null
    try {
      await work()
      await load()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      isBusy.value = false
    }
  }
  const make = (form: HTMLFormElement) =>
    attempt(async () => {
      const given = new FormData(form)
      const device = String(given.get('name') ?? '').trim() || name
      const client = String(given.get('client') ?? '') || null
      const made = await ask('/api/v1/tokens', NewTokenAnswer, { method: 'POST', json: { name: device } })
      const path = `/api/v1/tokens/${encodeURIComponent(made.id)}`
      try {
        const { code } = await ask(`${path}/short-link`, ShortLinkAnswer, {
          method: 'POST',
          json: { selection: id, client },
        })
        const query = new URLSearchParams({ selection: id, ...(client !== null && { client }) })
        fresh.value = {
          tokenId: made.id,
          name: device,
          short: `${base}/x/${code}`,
          long: `${base}/t/${made.token}/playlist.m3u?${query.toString()}`,
        }
        form.reset()
      } catch (thrown) {
        // Nobody has seen the token: it should not be left behind.
        await order(path, { method: 'DELETE' })
        throw thrown
      }
    })
  const revoke = ({ tokenId, name: device }: ShortLinkRow) =>
    attempt(async () => {
      revoking.value = null
      await order(`/api/v1/tokens/${encodeURIComponent(tokenId)}`, { method: 'DELETE' })
      if (fresh.peek()?.tokenId === tokenId) fresh.value = null
      toasts.show({ text: texts.revoked(device) })
    })
  const close = () => {
    revoking.value = null
  }
  if (!isOffered.value) return null
  return (
    <section class="short-links">
      <h3>{texts.links}</h3>
      <p class="help">{texts.linksHelp}</p>
      {links.value.length > 0 && (
        <ul class="plain">
          {links.value.map((link) => (
            <li key={link.tokenId}>
              <span class="short-link">
                {link.name}
                <small>{describeLink(link)}</small>
              </span>
              <button
                type="button"
                class="button button-quiet button-icon"
                aria-label={texts.revoke(link.name)}
                onClick={() => {
                  revoking.value = link
                }}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {fresh.value !== null && (
        <div class="fresh-link" role="status">
          <p>
            <strong>{fresh.value.name}</strong>: {texts.linkOnce}
          </p>
          <QrCode text={fresh.value.short} label={texts.linkQr(fresh.value.name)} />
          <CopyField label={texts.shortAddress(fresh.value.name)} text={fresh.value.short} />
          <CopyField label={texts.longAddress(fresh.value.name)} text={fresh.value.long} />
        </div>
      )}
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <form
        class="short-link-form"
        onSubmit={(event) => {
          event.preventDefault()
          void make(event.currentTarget)
        }}
      >
        <div class="field">
          <label class="label" for={`${fields}-name`}>
            {texts.linkName}
          </label>
          <input
            id={`${fields}-name`}
            name="name"
            type="text"
            maxLength={60}
            autocomplete="off"
            placeholder={texts.linkNamePlaceholder(name)}
          />
        </div>
        <div class="field">
          <label class="label" for={`${fields}-client`}>
            {texts.linkClient}
          </label>
          <select id={`${fields}-client`} name="client">
            <option value="">{texts.anyClient}</option>
            {CLIENTS.map((client) => (
              <option key={client} value={client}>
                {CLIENT_NAMES[client]}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" class="button" disabled={isBusy.value}>
          {texts.link}
        </button>
      </form>
      <Dialog
        urgent
        title={texts.revokeTitle(revoking.value?.name ?? '')}
        open={revoking.value !== null}
        onClose={close}
        actions={
          <>
            <button type="button" class="button button-quiet" onClick={close}>
              {texts.keepLink}
            </button>
            <button
              type="button"
              class="button button-danger"
              onClick={() => {
                if (revoking.value !== null) void revoke(revoking.value)
              }}
            >
              {texts.revoke(revoking.value?.name ?? '')}
            </button>
          </>
        }
      >
        <p>{texts.revokeText}</p>
      </Dialog>
    </section>
  )
}

function describeLink({ client, lastSeen, expiresAt }: ShortLinkRow): string {
  const texts = words().selections
  const program = CLIENTS.find((one) => one === client)
  const used =
    lastSeen !== null
      ? texts.linkSeen(formatAgo(lastSeen, Date.now()))
      : expiresAt === null
        ? null
        : texts.linkUnused(formatDateTime(expiresAt))
  return [program === undefined ? texts.anyClient : CLIENT_NAMES[program], used]
    .filter((part) => part !== null)
    .join(' · ')
}
