import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask, askTagged } from '../api/request.ts'
import type { Ask } from '../api/request.ts'
import { Combobox } from '../parts/combobox.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatShare } from '../text/format.ts'
import { FeedChannelsAnswer, FeedsAnswer, GuideAnswer } from './answers.ts'
import type { ChannelGuide, ChannelRow } from './answers.ts'
import { evidenceText } from './evidence.ts'
import { useAim } from './use-aim.ts'
import { words } from './words.ts'

type Known = { readonly guide: ChannelGuide; readonly tag: string | null }
type Layers = NonNullable<ChannelGuide['choice']>['layers']

/** Which guide a channel uses and why, what else fits, and the choice by hand. */
export function GuidePart({ row, version, isAimed }: { row: ChannelRow; version: string; isAimed: boolean }) {
  const texts = words().drawer
  const toasts = useToasts()
  const known = useSignal<Known | null>(null)
  const part = useAim(isAimed, known.value !== null)
  const path = `/api/v1/guide/matches/${encodeURIComponent(row.id)}`
  useEffect(() => {
    const stop = new AbortController()
    askTagged(path, GuideAnswer, { signal: stop.signal }).then(
      ({ answer, tag }) => {
        known.value = { guide: answer, tag }
      },
      () => undefined, // a house without guides
    )
    return () => stop.abort()
  }, [path, version, known])

  const send = async (choice: Layers | null, tag: string | null): Promise<void> => {
    const request: Ask = {
      ...(choice === null ? { method: 'DELETE' } : { method: 'PUT', json: { layers: choice } }),
      ...(tag !== null && { ifMatch: tag }),
    }
    const { answer, tag: fresh } = await askTagged(path, GuideAnswer, request)
    const candidates = known.peek()?.guide.candidates ?? []
    known.value = { guide: { ...answer, candidates }, tag: fresh }
  }
  const decide = async (choice: Layers | null) => {
    const before = known.peek()
    try {
      await send(choice, before?.tag ?? null)
      toasts.show({
        text: words().saved.guide(row.name),
        undo: async () => {
          await send(before?.guide.choice?.layers ?? null, known.peek()?.tag ?? null)
          toasts.show({ text: words().saved.undone })
        },
      })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  if (known.value === null) return null
  const { guide } = known.value
  // No guide document fits, or none surely: what is used is what the source itself brings.
  const isOwn = guide.layers.length > 0 && (guide.state === 'none' || guide.state === 'suggested')
  const used = new Set(guide.layers.map(({ feed, channel }) => `${feed} ${channel}`))
  return (
    <section class="part" ref={part} tabIndex={-1} aria-label={texts.guide}>
      <h3>{texts.guide}</h3>
      <p class="help">
        {guide.layers.length === 0
          ? texts.guideNone
          : guide.layers.map(({ feed, channel }) => `${channel} (${feed})`).join(', ')}{' '}
        · {texts.guideBy[isOwn ? 'own' : guide.state]}
      </p>
      {guide.candidates.length > 0 && (
        <ul class="candidates" aria-label={texts.guideCandidates}>
          {guide.candidates.map((candidate) => {
            const { feed, channel, name, score } = candidate
            const reason = evidenceText(candidate.reason)
            return (
              <li key={`${feed} ${channel}`} class="candidate">
                <span class="stream-line">
                  <span class="stream-name">{name}</span>
                  <small>
                    {feed} · {reason}
                  </small>
                </span>
                <span class="score">
                  <meter min={0} max={1} value={score} aria-label={reason} />
                  {formatShare(score)}
                </span>
                {used.has(`${feed} ${channel}`) ? (
                  <span class="tag">{texts.guideUsed}</span>
                ) : (
                  <button
                    type="button"
                    class="button"
                    aria-label={`${texts.guideUse}: ${name} (${feed})`}
                    onClick={() => void decide([{ feed, channel, shiftMinutes: 0 }])}
                  >
                    {texts.guideUse}
                  </button>
                )}
              </li>
            )
          })}
        </ul>
      )}
      <GuideByHand onChoose={(feed, channel) => void decide([{ feed, channel, shiftMinutes: 0 }])} />
      <p class="row">
        {guide.choice !== null && (
          <button type="button" class="link" onClick={() => void decide(null)}>
            {texts.guideAutomatic}
          </button>
        )}
        {guide.layers.length > 0 && (
          <button type="button" class="link" onClick={() => void decide([])}>
            {texts.guideOff}
          </button>
        )}
      </p>
    </section>
  )
}

/** Any channel of any guide, found by words. */
function GuideByHand({ onChoose }: { onChoose: (feed: string, channel: string) => void }) {
  const texts = words().drawer
  const feeds = useSignal<readonly { readonly id: string; readonly name: string }[]>([])
  const feed = useSignal<string | null>(null)
  const typed = useSignal('')
  const found = useSignal<readonly { readonly id: string; readonly names: readonly string[] }[]>([])
  useEffect(() => {
    const stop = new AbortController()
    ask('/api/v1/guide/feeds', FeedsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        feeds.value = items
        feed.value = items[0]?.id ?? null
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [feeds, feed])
  useEffect(() => {
    if (feed.value === null) return
    const stop = new AbortController()
    const query = new URLSearchParams({ q: typed.value, limit: '30' })
    const path = `/api/v1/guide/feeds/${encodeURIComponent(feed.value)}/channels?${query.toString()}`
    const timer = setTimeout(() => {
      ask(path, FeedChannelsAnswer, { signal: stop.signal }).then(
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
  }, [feed.value, typed.value, found])
  if (feeds.value.length === 0) return <p class="help">{texts.guideNoFeeds}</p>
  return (
    <details class="by-hand">
      <summary>{texts.guideByHand}</summary>
      <label class="field">
        <span class="label">{texts.guideFeed}</span>
        <select
          value={feed.value ?? ''}
          onChange={(event) => {
            feed.value = event.currentTarget.value
          }}
        >
          {feeds.value.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Combobox
        label={texts.guideChannel}
        choices={found.value.map(({ id, names: [name = id] }) => ({ id, label: name, note: id }))}
        value={null}
        empty={texts.joinNothing}
        onType={(text) => {
          typed.value = text
        }}
        onChoose={(channel) => {
          if (channel !== null && feed.value !== null) onChoose(feed.value, channel)
        }}
      />
    </details>
  )
}
