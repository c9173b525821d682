/** Whom a step of an escalation reaches at a moment, and through which channels: pure. */
import type { EscalationTarget } from '#shared/model/escalation.ts'
import type { Override, Person, Rota } from '#shared/model/rota.ts'
import { whoHasTheWatch, whoIsNext } from '../../schedules/rotas.ts'

export interface Watches {
  readonly rota: (name: string) => { readonly rota: Rota; readonly overrides: readonly Override[] } | null
  readonly person: (name: string) => Person | null
}

export interface Reached {
  /** People and channels, by their names. */
  readonly names: readonly string[]
  readonly channels: readonly string[]
}

export function reachedBy(targets: readonly EscalationTarget[], watches: Watches, now: number): Reached {
  const names = new Set<string>()
  const channels = new Set<string>()
  for (const target of targets) {
    if (target.kind === 'channel') {
      names.add(target.channel)
      channels.add(target.channel)
      continue
    }
    const person = personOf(target, watches, now)
    // Whom nothing reaches is not said to have been reached.
    if (person === null || person.channels.length === 0) continue
    names.add(person.name)
    for (const channel of person.channels) channels.add(channel)
  }
  return { names: [...names], channels: [...channels] }
}

function personOf(
  { kind, rota: name }: Exclude<EscalationTarget, { kind: 'channel' }>,
  watches: Watches,
  now: number,
): Person | null {
  const found = watches.rota(name)
  if (found === null) return null
  const { rota, overrides } = found
  const who =
    kind === 'watch' ? whoHasTheWatch(rota, overrides, now)?.person : whoIsNext(rota, overrides, now)
  return who == null ? null : watches.person(who)
}
