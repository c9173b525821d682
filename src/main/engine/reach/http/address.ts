/** The addresses of a service: its URL, and the paths of the profile below it. */
import type { Service } from '#shared/model/profile/service.ts'
import type { Place } from '../failed.ts'
import { portOf } from './connector.ts'

export function httpPlace({ url }: Pick<Service, 'url'>): Place {
  const parsed = new URL(url)
  return { hop: `HTTP ${parsed.hostname}:${portOf(parsed)}`, on: 'target' }
}

/** Put together as text: a path that begins with two slashes would be another host to `new URL(path, base)`. */
export function serviceAddress(url: string, path: string): URL {
  const { origin, pathname } = new URL(url)
  const address = new URL(`${origin}${pathname.replace(/\/$/, '')}${path}`)
  address.hash = ''
  return address
}
