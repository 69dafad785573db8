import { at } from '../api/base.ts'
import { Icon } from '../parts/icon.tsx'
import type { Place } from './places.ts'

/** The way to a place; `path` is where one is (without prefix of a proxy): it knows when one is there, or below it. */
export function PlaceLink({ place, path }: { place: Place; path: string }) {
  const here = path === place.path || (place.path !== '/' && path.startsWith(`${place.path}/`))
  return (
    <a class="place" href={at(place.path)} aria-current={here ? 'page' : undefined}>
      <Icon name={place.icon} />
      <span>{place.name()}</span>
    </a>
  )
}
