import { useFigures, useRunning } from '../running/use-running.ts'
import { formatNumber } from '../text/format.ts'
import { words } from './words.ts'

/** What only the house knows of the channel, for its owner: where it comes from, and what it loses on the way in. */
export function HouseRows({ channelId }: { channelId: string }) {
  const say = words().facts
  const figures = useFigures()
  const { streams } = useRunning()
  const running = streams.value?.find((stream) => stream.channelId === channelId)
  if (running === undefined) return null
  const lost = figures.value.at(-1)?.perStream.find(({ id }) => id === channelId)?.errors ?? running.continuityErrors
  const changes = running.switches.length
  return (
    <>
      <div data-fact="source">
        <dt>{say.source}</dt>
        <dd>
          {running.sourceId}
          {changes > 0 && <>, {say.changed(changes)}</>}
        </dd>
      </div>
      <div data-fact="lost">
        <dt>{say.lost}</dt>
        <dd>{lost === 0 ? say.none : formatNumber(lost)}</dd>
      </div>
    </>
  )
}
