import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { here } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { DetailsAnswer } from './answers.ts'
import type { Entry, Episode } from './answers.ts'
import { wayFor } from './containers.ts'
import { FilmPlayer } from './film-player.tsx'
import { Poster } from './poster-wall.tsx'
import { words } from './words.ts'

/** A file that is chosen to be played: a film, or an episode. */
type Chosen = { readonly title: string; readonly play: string; readonly container: string | null }

/** All about a film or series; plays it here, or gives its address to programs that do. */
export function TitleCard({ source, entry, onClose }: { source: string; entry: Entry; onClose: () => void }) {
  const details = useSignal<DetailsAnswer | null>(null)
  const problem = useSignal<Problem | null>(null)
  const playing = useSignal<Chosen | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const path = `/api/v1/vod/${encodeURIComponent(source)}/${entry.kind === 'film' ? 'films' : 'series'}/${encodeURIComponent(entry.id)}`
    ask(path, DetailsAnswer, { signal: stop.signal }).then(
      (answer) => {
        details.value = answer
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [source, entry.kind, entry.id, details, problem])
  const told = details.value
  return (
    <Dialog title={playing.value?.title ?? entry.name} open wide onClose={onClose}>
      {playing.value === null ? (
        <div class="title-card">
          <Poster entry={entry} />
          <div class="title-facts">
            {problem.value !== null && <ProblemNote problem={problem.value} />}
            {told === null && problem.value === null && <Waiting what={words().loading} />}
            {told !== null && <Facts details={told} />}
            {told !== null && told.play !== null && (
              <Ways
                chosen={{ title: told.name, play: told.play, container: told.container }}
                onPlay={(chosen) => {
                  playing.value = chosen
                }}
              />
            )}
          </div>
          {told !== null && told.seasons.length > 0 && (
            <Seasons
              details={told}
              onPlay={(chosen) => {
                playing.value = chosen
              }}
            />
          )}
        </div>
      ) : (
        <>
          <FilmPlayer {...playing.value} />
          {entry.kind === 'series' && (
            <button
              type="button"
              class="button"
              onClick={() => {
                playing.value = null
              }}
            >
              <Icon name="back" />
              {words().back}
            </button>
          )}
        </>
      )}
    </Dialog>
  )
}

function Facts({ details }: { details: DetailsAnswer }) {
  const { year, durationSeconds, rating, genres, directors, cast, plot } = details
  const facts = [
    ...(year === null ? [] : [String(year)]),
    ...(durationSeconds === null ? [] : [words().minutes(Math.round(durationSeconds / 60))]),
    ...(rating === null ? [] : [words().rating(rating)]),
    ...genres,
  ]
  return (
    <>
      {facts.length > 0 && <p class="title-line">{facts.join(' · ')}</p>}
      {plot !== null && <p class="title-plot">{plot}</p>}
      {directors.length > 0 && <p class="title-line">{words().directed(directors.join(', '))}</p>}
      {cast.length > 0 && <p class="title-line">{words().cast(cast.slice(0, 8).join(', '))}</p>}
    </>
  )
}

function Ways({ chosen, onPlay }: { chosen: Chosen; onPlay: (chosen: Chosen) => void }) {
  const prefix = useHouse().session.value?.prefix ?? ''
  const canPlay = wayFor(chosen.container) !== 'elsewhere'
  return (
    <div class="title-ways">
      {canPlay ? (
        <button type="button" class="button button-strong" onClick={() => onPlay(chosen)}>
          <Icon name="play" />
          {words().play}
        </button>
      ) : (
        <p class="title-line">{words().notHere((chosen.container ?? '').toUpperCase())}</p>
      )}
      <CopyField label={words().elsewhere} text={`${here()}${prefix}${chosen.play}`} />
    </div>
  )
}

function Seasons({ details, onPlay }: { details: DetailsAnswer; onPlay: (chosen: Chosen) => void }) {
  const open = useSignal(details.seasons[0]?.number ?? 0)
  const season = details.seasons.find(({ number }) => number === open.value)
  const choose = ({ title, play, container }: Episode) =>
    onPlay({ title: `${details.name}: ${title}`, play, container })
  return (
    <section class="seasons">
      {details.seasons.length > 1 && (
        <div class="chips" role="group" aria-label={words().seasons}>
          {details.seasons.map(({ number, name }) => (
            <button
              type="button"
              key={number}
              class="chip"
              aria-pressed={number === open.value}
              onClick={() => {
                open.value = number
              }}
            >
              {name ?? words().season(number)}
            </button>
          ))}
        </div>
      )}
      <ol class="episodes">
        {season?.episodes.map((episode) => (
          <li key={episode.number} class="episode">
            <button
              type="button"
              class="button button-icon"
              aria-label={words().playEpisode(episode.title)}
              onClick={() => choose(episode)}
            >
              <Icon name="play" />
            </button>
            <div>
              <h3>{words().episode(episode.number, episode.title)}</h3>
              {episode.plot !== null && <p class="title-line">{episode.plot}</p>}
            </div>
            {episode.durationSeconds !== null && (
              <span class="title-line">{words().minutes(Math.round(episode.durationSeconds / 60))}</span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
