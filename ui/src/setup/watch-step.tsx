import { useSignal } from '@preact/signals'
import { lazy } from 'preact-iso'
import * as v from 'valibot'
import { ChannelsAnswer, NewTokenAnswer } from '../api/answers.ts'
import type { ChannelAnswer } from '../api/answers.ts'
import { at, here } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useFresh } from '../live/use-events.ts'
import { baseAddresses, tvAddresses } from '../lineup/addresses.ts'
import { words as lineupWords } from '../lineup/words.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { QrCode } from '../parts/qr.tsx'
import { words } from './words.ts'

const Preview = lazy(() => import('./preview.tsx').then((file) => file.Preview))
const ShortLinkAnswer = v.object({ code: v.string(), url: v.string() })

/** The way to the television: a picture that plays here, the address with its code, a short link to type. */
export function WatchStep() {
  const session = useHouse().session.value
  const channel = useSignal<ChannelAnswer | null>(null)
  const token = useSignal<string | null>(null)
  const shortLink = useSignal<string | null>(null)
  const problem = useSignal<Problem | null>(null)
  useFresh((signal) => {
    ask('/api/v1/channels?limit=1', ChannelsAnswer, { signal }).then(
      ({ items }) => {
        channel.value = items[0] ?? null
      },
      (thrown: unknown) => {
        if (!signal.aborted) problem.value = asProblem(thrown)
      },
    )
  })
  const makeLink = async () => {
    problem.value = null
    try {
      const made = await ask('/api/v1/tokens', NewTokenAnswer, {
        method: 'POST',
        json: { name: words().watch.linkFor },
      })
      token.value = made.token
      const link = await ask(`/api/v1/tokens/${encodeURIComponent(made.id)}/short-link`, ShortLinkAnswer, {
        method: 'POST',
      })
      shortLink.value = `${base}/x/${link.code}`
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const base = baseAddresses(session?.addresses ?? [], here())[0] ?? here()
  const prefix = token.value === null ? (session?.prefix ?? '') : `/t/${token.value}`
  const { playlist, thisMachineOnly } = tvAddresses(base, prefix)
  return (
    <>
      <h1>{words().watch.title}</h1>
      <p class="lead">{words().watch.lead}</p>
      {channel.value !== null && <Preview channelId={channel.value.id} />}
      {thisMachineOnly && <p class="help">{lineupWords().tv.thisMachine}</p>}
      <QrCode text={shortLink.value ?? playlist} label={lineupWords().tv.qr} />
      <CopyField label={lineupWords().tv.playlist} text={playlist} />
      {shortLink.value === null ? (
        <button type="button" class="button" onClick={() => void makeLink()}>
          <Icon name="link" /> {words().watch.makeLink}
        </button>
      ) : (
        <CopyField label={words().watch.shortLink} text={shortLink.value} />
      )}
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <a class="button button-strong" href={at('/')}>
        {words().watch.done}
      </a>
    </>
  )
}
