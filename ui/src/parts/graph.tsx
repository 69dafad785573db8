import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { formatClock, formatClockSeconds, formatDate, formatDateTime } from '../text/format.ts'
import { words } from './graph-words.ts'
import './graph.css'

/** One line of a graph. */
export type GraphSeries = { readonly name: string; readonly values: readonly (number | null)[] }

/** Rows of the table beside a graph: enough to read, not too many to hear. */
const MOST_ROWS = 24
const DAY_SECONDS = 86_400
const SHORT_SECONDS = 600
/** A scale of less has labels that read alike. */
const LEAST_TOP = 4

/**
 * Lines over time, with a legend that says the newest values, and a table for those who do not see the picture.
 *
 * `times` are epoch milliseconds, rising. Colours come from the tokens and follow the theme; the drawing comes in a chunk
 * of its own.
 */
export function Graph({
  label,
  times,
  series,
  format,
  tall = false,
}: {
  label: string
  times: readonly number[]
  series: readonly GraphSeries[]
  format: (value: number) => string
  tall?: boolean
}) {
  const place = useRef<HTMLDivElement>(null)
  const legend = useRef<HTMLUListElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = useRef<uPlot.AlignedData>([[]])
  data.current = [times.map((at) => at / 1000), ...series.map(({ values }) => [...values])]
  const names = series.map(({ name }) => name).join('\n')
  const print = useRef(format)
  print.current = format

  useEffect(() => {
    const stop = new AbortController()
    const draw = async () => {
      const { default: Plot } = await import('uplot')
      const box = place.current
      if (stop.signal.aborted || box === null) return
      plot.current?.destroy()
      const inks = [...(legend.current?.querySelectorAll('.graph-ink') ?? [])].map((ink) => getComputedStyle(ink).color)
      const { color: text, borderTopColor: line } = getComputedStyle(box)
      const axis = {
        stroke: text,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        font: `12px ${getComputedStyle(box).fontFamily}`,
      }
      plot.current = new Plot(
        {
          width: Math.max(120, box.clientWidth),
          height: box.clientHeight,
          legend: { show: false },
          cursor: { show: false },
          scales: { y: { range: (_, __, most) => [0, Math.max(LEAST_TOP, most * 1.1)] } },
          axes: [
            { ...axis, size: 26, space: 90, values: (self, splits) => splits.map((at) => clock(at, self)) },
            { ...axis, size: 84, space: 26, values: (_, splits) => splits.map((value) => print.current(value)) },
          ],
          series: [
            {},
            ...names.split('\n').map((name, index) => ({
              label: name,
              stroke: inks[index] ?? text,
              width: 2,
              spanGaps: true,
              points: { show: false },
            })),
          ],
        },
        data.current,
        box,
      )
    }
    void draw()
    const resized = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0)
        plot.current?.setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    if (place.current !== null) resized.observe(place.current)
    const themed = new MutationObserver(() => void draw())
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void draw(), { signal: stop.signal })
    return () => {
      stop.abort()
      resized.disconnect()
      themed.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [names])
  useEffect(() => plot.current?.setData(data.current), [times, series])

  const step = Math.max(1, Math.ceil(times.length / MOST_ROWS))
  const rows = times.flatMap((at, index) => (index % step === 0 ? [{ at, index }] : []))
  return (
    <figure class="graph">
      <figcaption>
        <span class="graph-label">{label}</span>
        <ul class="plain graph-legend" ref={legend}>
          {series.map(({ name, values }, index) => (
            <li key={name}>
              <span class={`graph-ink graph-ink-${index + 1}`} aria-hidden="true" />
              {name} <strong>{latest(values, format)}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class={`graph-place${tall ? ' graph-tall' : ''}`} ref={place} aria-hidden="true" />
      {rows.length > 1 && (
        <details class="graph-numbers">
          <summary>{words().numbers(label)}</summary>
          <div class="graph-table" tabIndex={0} role="region" aria-label={words().numbers(label)}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words().time}</th>
                  {series.map(({ name }) => (
                    <th scope="col" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ at, index }) => (
                  <tr key={at}>
                    <th scope="row">{formatDateTime(at)}</th>
                    {series.map(({ name, values }) => (
                      <td key={name}>{one(values[index], format)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  )
}

const one = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value)

const latest = (values: readonly (number | null)[], format: (value: number) => string): string =>
  one(values.at(-1), format)

/** Days need the date, minutes the seconds. */
function clock(at: number, { scales }: uPlot): string {
  const { min = 0, max = 0 } = scales['x'] ?? {}
  const span = (max ?? 0) - (min ?? 0)
  if (span > 2 * DAY_SECONDS) return formatDate(at * 1000)
  return span < SHORT_SECONDS ? formatClockSeconds(at * 1000) : formatClock(at * 1000)
}
