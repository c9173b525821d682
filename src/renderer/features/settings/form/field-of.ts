/** From a fault's place in the profile to the form's field that shows it. */
import type { Draft } from './draft.ts'
import { headerRow } from './parts/headers.ts'
import { isSecretDraft } from './parts/secret.ts'

type Keys = readonly (string | number)[]

/** The path of the field for a place in the profile; `null` where the form has none. */
export function fieldOf(keys: Keys, draft: Draft): string | null {
  const found: (string | number)[] = []
  let at: unknown = draft
  for (const key of inForm(keys, draft)) {
    if (isSecretDraft(at) || typeof at !== 'object' || at === null) break
    if (key === 'kept' || !Object.hasOwn(at, key)) return null
    found.push(key)
    at = Reflect.get(at, key)
  }
  if (isSecretDraft(at)) return [...found, 'reference'].join('.')
  // Boxes are one field.
  const isBoxes = found.at(-1) === 'ways' || found.at(-1) === 'days'
  return typeof at === 'object' && !isBoxes ? null : found.join('.')
}

/** The keys as the form has them: nearly the profile's own. */
function inForm(keys: Keys, draft: Draft): Keys {
  const [room, ...rest] = keys
  switch (room) {
    case 'tags':
      // All of them are in one field.
      return ['tags']
    case 'postgres':
      // A profile has one; the form's list holds none or that one.
      return rest.length === 0 ? ['postgres', 0, 'url'] : ['postgres', 0, ...rest]
    case 'backups':
      return ['backups', 0, ...inBackups(rest)]
    case 'limits': {
      const index = draft.limits.findIndex(({ metric }) => metric === rest[0])
      return ['limits', index, rest[1] ?? 'metric']
    }
    case 'services':
      return [room, ...inService(rest, draft)]
    case 'ssh':
      return typeof rest[1] === 'number' ? inHop(keys, draft.ssh.hops[rest[1]]?.ways) : keys
    case 'logs':
      return inLog(keys, draft)
    case 'hosts':
      // What is missing as a whole is told at its first field.
      if (rest[1] === 'exporter' && rest.length === 2) return [...keys, 'url']
      return rest[1] === 'hop' ? inHop(keys, draft.hosts[Number(rest[0])]?.hop?.ways) : keys
    default:
      return keys
  }
}

/** Lists are fields of lines, and what is kept has a field for each rule. */
function inBackups([key, ...rest]: Keys): Keys {
  switch (key) {
    case undefined:
    case 'store':
      return ['directory']
    case 'keep':
      return [rest[0] === 'days' ? 'keepDays' : 'keepLast']
    case 'schedule':
    case 'drills':
      // A day of the month stands beside the rest, and times are one field.
      return [key, ...(rest[0] === 'on' ? rest.slice(1, 2) : rest.slice(0, 1))]
    default:
      return [key]
  }
}

/** "Say one place" is told of the log as a whole; its kind has the field that is to be filled in. */
function inLog([room, index, ...rest]: Keys, draft: Draft): Keys {
  const kind = draft.logs[Number(index)]?.kind ?? 'file'
  const place = rest.length === 0 ? [kind] : rest
  const last = place.at(-1) === 'compose' ? ['compose', 'project'] : place
  return [room ?? 'logs', index ?? 0, ...last]
}

function inService(keys: Keys, draft: Draft): Keys {
  const [index = 0, part, ...rest] = keys
  if (part === 'headers') return inHeaders(keys, draft)
  if (part !== 'restart') return keys
  const { way = 'none' } = draft.services[Number(index)]?.restart ?? {}
  const [key = way, ...below] = rest
  // Arguments are in one field, and what is missing as a whole is told at its first one.
  if (key === 'compose') return [index, part, key, below[0] ?? 'directory']
  return [index, part, key === 'none' ? 'way' : key]
}

/** Headers are by name in the profile, and rows in the form. */
function inHeaders([index, headers, ...name]: Keys, draft: Draft): Keys {
  const rows = draft.services[Number(index)]?.headers ?? []
  return [index ?? 0, headers ?? 'headers', headerRow(rows, name.join('.')), 'content']
}

/** "A way to log in is missing" is told at the key in the profile, which has no field while no way is chosen. */
function inHop(keys: Keys, ways: readonly string[] | undefined): Keys {
  const last = keys.at(-1)
  const isWay = last === 'key' || last === 'password' || last === 'interactive'
  return isWay && ways?.includes(String(last)) !== true ? [...keys.slice(0, -1), 'ways'] : keys
}

/** The keys of a path such as `services[0].url`. */
export function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/([^.[\]]+)/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key))
}
