/** From the form to a profile as people write it, and from a fault of that profile back to its field. */
import type { Draft, HopDraft, HostDraft, SecretDraft, ServiceDraft } from './draft.ts'

/** Keys as the profile has them; empty fields are left out, and the console judges the rest. Holds references alone. */
export function profileOf(draft: Draft): Record<string, unknown> {
  const { name, environment, description, hops, knownHosts, services, postgres, redis, hosts, limits } = draft
  const [database] = postgres
  return present(
    {
      name: name.trim(),
      environment,
      description: description.trim(),
      ssh: hops.length === 0 ? undefined : present({ hops: hops.map(hopOf), knownHosts: knownHosts.trim() }),
      services: services.map(serviceOf),
      postgres:
        database === undefined
          ? undefined
          : present(
              {
                url: database.url.trim(),
                password: reference(database.password),
                application: present({ role: database.role.trim(), name: database.application.trim() }),
              },
              ['url'],
            ),
      redis: redis.map((one) =>
        present({ name: one.name.trim(), url: one.url.trim(), password: reference(one.password) }, [
          'name',
          'url',
        ]),
      ),
      hosts: hosts.map(hostOf),
      limits: Object.fromEntries(
        limits
          .filter(({ metric }) => metric !== '')
          .map(({ metric, warning, critical }) => [metric, present({ warning, critical })]),
      ),
    },
    ['name'],
  )
}

function hopOf({ host, port, user, key, passphrase }: HopDraft): Record<string, unknown> {
  return present(
    { host: host.trim(), port, user: user.trim(), key: reference(key), passphrase: reference(passphrase) },
    ['host', 'user', 'key'],
  )
}

function serviceOf(service: ServiceDraft): Record<string, unknown> {
  const { name, url, live, ready, metrics, monitoring, token, processes, instances } = service
  return {
    ...present(
      {
        name: name.trim(),
        url: url.trim(),
        live: live.trim(),
        token: reference(token),
        pool:
          service.poolSize === '' && service.poolOverflow === ''
            ? undefined
            : present({ size: service.poolSize, overflow: service.poolOverflow }),
        processes,
        instances,
      },
      ['name', 'url'],
    ),
    ready: ready.trim() || null,
    metrics: metrics.trim() || null,
    monitoring: monitoring.trim() || null,
  }
}

function hostOf({ name, over, hop, disks }: HostDraft): Record<string, unknown> {
  const mounts = disks.split(/[\s,]+/).filter((mount) => mount !== '')
  return present(
    {
      name: name.trim(),
      over,
      hop: hop === null ? undefined : hopOf(hop),
      disks: mounts.length > 0 ? mounts : undefined,
    },
    ['name'],
  )
}

function reference({ reference: text }: SecretDraft): string {
  return text.trim()
}

/** Without what was left empty, but for the keys that must be there: their faults are told at their field. */
function present(values: Record<string, unknown>, required: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([key, value]) => value !== undefined && (value !== '' || required.includes(key)),
    ),
  )
}

type Keys = readonly (string | number)[]

/** The form's field for a place in the profile, `null` where there is none. */
export function fieldOf(keys: Keys, draft: Draft): string | null {
  const [room, ...rest] = keys
  switch (room) {
    case 'ssh':
      return rest[0] === 'hops'
        ? below('hops', secretField(rest.slice(1)))
        : rest[0] === 'knownHosts'
          ? 'knownHosts'
          : null
    case 'services':
    case 'redis':
    case 'hosts':
      return below(room, secretField(rest.map(flatten)))
    case 'postgres': {
      if (rest[0] === 'application') return rest[1] === 'name' ? 'postgres.0.application' : 'postgres.0.role'
      return below('postgres.0', secretField(rest))
    }
    case 'limits': {
      const index = draft.limits.findIndex(({ metric }) => metric === rest[0])
      return index === -1 ? null : below(`limits.${index}`, rest.slice(1, 2))
    }
    case 'name':
    case 'environment':
    case 'description':
      return room
    default:
      return null
  }

  function flatten(key: string | number, index: number): string | number {
    if (room === 'services' && rest[1] === 'pool' && index === 2)
      return key === 'size' ? 'poolSize' : 'poolOverflow'
    return key
  }
}

const SECRETS: readonly unknown[] = ['key', 'passphrase', 'password', 'token']

/** Drops the levels that the form does not have, and points secrets at their reference. */
function secretField(keys: Keys): Keys {
  const flat = keys.filter((key) => key !== 'pool')
  const disks = flat.indexOf('disks')
  const cut = disks === -1 ? flat : flat.slice(0, disks + 1)
  return SECRETS.includes(cut.at(-1)) ? [...cut, 'reference'] : cut
}

function below(room: string, keys: Keys): string {
  return [room, ...keys].join('.')
}

/** The keys of a path such as `services[0].url`. */
export function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/([^.[\]]+)/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key))
}
