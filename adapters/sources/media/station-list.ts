import type { CatalogueItem, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { Station } from '../../linear/station.ts'
import type { Stations } from '../../linear/stations.ts'

/** The channels of a library as the line-up takes them in: the id of a document is its item, and stays. */
export function listStations(id: SourceId, stations: Pick<Stations, 'all'>): SourceCatalogue {
  const all = stations.all()
  return {
    sourceId: id,
    groups: [...new Set(all.flatMap(({ doc }) => doc.group ?? []))],
    items: all.map((station) => itemOf(id, station)),
    isOwn: true,
  }
}

const itemOf = (feed: SourceId, { doc }: Station): CatalogueItem => ({
  item: doc.id,
  name: doc.name,
  media: 'tv',
  serviceRef: null,
  programNumber: null,
  slotKey: doc.id,
  number: doc.number,
  groups: doc.group === null ? [] : [doc.group],
  hasLogo: doc.logo !== null || (doc.looks.logo ?? null) !== null,
  guide: { feed, channel: doc.id },
})
