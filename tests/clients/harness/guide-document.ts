const HOUR_MS = 3_600_000
const EPISODES = 24

const time = (instant: number): string => `${new Date(instant).toISOString().replaceAll(/[-:T]|\..*/g, '')} +0000`

/** A channel of a guide. */
export type GuideChannel = { readonly guideId: string | null; readonly name: string }

/**
 * An XMLTV guide with everything that one may carry: on every channel a series whose episodes last an hour each, the first of
 * them two hours ago.
 */
export function guideDocument(channels: readonly GuideChannel[], now: number): string {
  const first = Math.floor(now / HOUR_MS) * HOUR_MS - 2 * HOUR_MS
  const heads = channels.map(
    ({ guideId, name }) => `<channel id="${guideId}"><display-name>${escape(name)}</display-name></channel>`,
  )
  const programmes = channels.flatMap(({ guideId }) =>
    Array.from({ length: EPISODES }, (_, index) => {
      const start = first + index * HOUR_MS
      return `<programme start="${time(start)}" stop="${time(start + HOUR_MS)}" channel="${guideId}">
<title lang="de">Die Bergwacht</title><sub-title lang="de">Folge &amp; Fall ${index + 1}</sub-title>
<desc lang="de">Größe &lt;${index + 1}&gt;: "Zitat", 'Apostroph' und 🎬</desc>
<credits><director>Jo Regie</director><actor role="Anna">Käthe Köhler</actor></credits><date>2024</date>
<category lang="de">Serie</category><category lang="en">Series</category>
<icon src="https://images.example.org/${index}.jpg"/><country>AT</country>
<episode-num system="xmltv_ns">1.${index}.0/1</episode-num><episode-num system="onscreen">S2 E${index + 1}</episode-num>
<rating system="FSK"><value>12</value></rating><star-rating><value>7/10</value></star-rating></programme>`
    }),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n${[...heads, ...programmes].join('\n')}\n</tv>\n`
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
