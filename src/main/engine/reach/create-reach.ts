/** Wires the reach of one deployment: its way, and a supervised session for each of its targets. */
import { connectionOf } from './connection.ts'
import { createDirectWay } from './direct.ts'
import { failed, type Place } from './failed.ts'
import { createLocalHost } from './host/local.ts'
import { scrapedServices } from './http/scraped.ts'
import { createHttpSession } from './http/session.ts'
import type { HopDependencies } from './links/hop.ts'
import type { Link } from './links/link.ts'
import type { Links } from './links/links.ts'
import { postgresPlace } from './postgres/address.ts'
import { createLeftovers, type Leftovers } from './postgres/leftovers.ts'
import { createPostgresSessions } from './postgres/session.ts'
import type { HostSession, Reach } from './reach.ts'
import type { Reached, ReachedHost } from './reached.ts'
import { createRedisSession } from './redis/session.ts'
import { trustedAuthorities } from './trust.ts'
import type { Way } from './way.ts'

export interface ReachDependencies extends HopDependencies {
  /** PEM certificates of whom TLS trusts; the machine's own where it is left out. */
  readonly authorities?: () => readonly string[]
  /** Where watches of one deployment that follow each other tell what they left at its PostgreSQL. */
  readonly leftovers?: Leftovers
}

/** Connects at once, and keeps connected until `close`. */
export function createReach({
  profile,
  links,
  resolveSecret,
  clock,
  random,
  log,
  authorities = trustedAuthorities,
  leftovers = createLeftovers(),
}: ReachDependencies & { profile: Reached; links: Links }): Reach {
  const listeners = new Set<() => void>()
  const onChange = (): void => {
    for (const listener of listeners) listener()
  }
  const link = profile.ssh === undefined ? null : links.chain(profile.ssh.hops, profile.ssh)
  const way: Way = link ?? createDirectWay({ clock })
  const shared = { way, resolveSecret, authorities, clock, random, log, onChange }

  const postgres =
    profile.postgres === undefined
      ? null
      : createPostgresSessions({
          ...shared,
          postgres: profile.postgres,
          leftovers: leftovers.take(profile.name),
          place: postgresPlace(profile.postgres),
        })
  const redis = new Map(
    profile.redis.map((each) => [each.name, createRedisSession({ ...shared, redis: each })]),
  )
  const http = new Map(
    profile.services.map((service) => [service.name, createHttpSession({ ...shared, service })]),
  )
  const scraped = new Map(
    scrapedServices(profile).map(({ kind, service }) => [
      `${kind} ${service.name}`,
      createHttpSession({ ...shared, service }),
    ]),
  )
  const hosts = new Map(
    profile.hosts
      .filter(({ exporter }) => exporter === undefined)
      .map((host) => [host.name, reachHost(host)] as const),
  )

  const chains = [link, ...[...hosts.values()].map((host) => host.ownLink)].filter((chain) => chain !== null)
  for (const chain of chains) chain.onChange(onChange)
  const stopWatchingWay = way.onUp(() => {
    postgres?.wayIsUp()
    for (const session of redis.values()) session.wayIsUp()
  })

  function reachHost(host: ReachedHost): { session: HostSession; ownLink: Link | null; name: string } {
    if (host.over === 'local') {
      const place: Place = { hop: `host ${host.name}`, on: 'target' }
      return { session: createLocalHost({ place, clock }), ownLink: null, name: place.hop }
    }
    const place: Place = { hop: `host ${host.name}`, on: 'target' }
    const ownLink =
      host.hop === undefined ? null : links.chain([...(profile.ssh?.hops ?? []), host.hop], profile.ssh ?? {})
    return {
      session: atEnd(ownLink ?? link, place),
      ownLink,
      name: place.hop,
    }
  }

  /** The profile's schema holds that what is over SSH has a hop of its own or a chain to be the end of. */
  function atEnd(end: Link | null, place: Place): HostSession {
    return {
      run: (argv, limits) => (end === null ? Promise.reject(closed()) : end.run(argv, place, limits)),
    }
  }

  function closed(): Error {
    return failed({ hop: profile.name, on: 'target' }, 'protocol', 'watch-ended')
  }

  function named<T>(map: ReadonlyMap<string, T>, name: string): T {
    const found = map.get(name)
    if (found === undefined) throw new TypeError(`deployment ${profile.name} declares no "${name}"`)
    return found
  }

  let closing: Promise<void> | null = null
  return {
    deployment: profile.name,
    connection: () =>
      connectionOf({
        chain: link?.hops() ?? [],
        targets: [
          ...(postgres === null ? [] : [postgres.state()]),
          ...[...redis.values()].flatMap((session) => session.states()),
          ...[...http.values(), ...scraped.values()].map((session) => session.state()),
        ],
        hosts: [...hosts.values()].map(({ name, ownLink }) => ({
          name,
          chain: ownLink?.hops() ?? link?.hops() ?? null,
        })),
      }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    postgres: postgres?.sessions ?? null,
    redis: (name) => named(redis, name).session,
    http: (service) => named(http, service).session,
    scrape: (kind, name) => named(scraped, `${kind} ${name}`).session,
    host: (name) => named(hosts, name).session,
    machine(over) {
      const name = `host ${over}`
      if (over === 'local') return createLocalHost({ place: { hop: name, on: 'target' }, clock })
      if (over !== 'ssh') return named(hosts, over).session
      return atEnd(link, { hop: `host ${profile.name}`, on: 'target' })
    },
    retry() {
      for (const chain of chains) chain.retry()
      postgres?.retry()
      for (const session of redis.values()) session.retry()
      for (const session of [...http.values(), ...scraped.values()]) session.retry()
    },
    close() {
      closing ??= (async () => {
        stopWatchingWay()
        for (const session of [...http.values(), ...scraped.values()]) session.close()
        // What runs inside the chain first, so that each says good-bye while it still can.
        const [left] = await Promise.all([
          postgres?.close(),
          ...[...redis.values()].map((session) => session.close()),
        ])
        leftovers.leave(profile.name, left ?? [])
        await Promise.all(chains.map((chain) => chain.release()))
        listeners.clear()
      })()
      return closing
    },
  }
}
