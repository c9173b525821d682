/** The way to a deployment: a hop that is down hides all that is behind it, and a console without a network sees nothing. */
import { badness } from '#shared/catalogue/statuses.ts'
import { behind, type Finding, type Found, idOf, likely, seen, symptom, words } from '../finding.ts'
import { figure, observationsOf, type Situation } from '../situation.ts'
import { isBad, isOfTheWay } from './symptoms.ts'

/** Round trips that are this near to each other have the same reason; so many of them, and most of all. */
const ALIKE = 0.6
const SEVERAL = 3
const MOST = 0.75

export function way(situation: Situation): Found {
  const broken = situation.connection.hops.find(
    ({ kind, status, error }) => kind === 'ssh' && status !== 'CONNECTED' && error !== null,
  )
  if (broken === undefined || broken.error === null) return {}
  const hidden = situation.observations.filter((one) => isBad(one) && isOfTheWay(situation, one))
  const since = hidden
    .map(({ probe, target }) => situation.since(probe, target))
    .reduce<number | null>((first, at) => (first === null || (at !== null && at < first) ? at : first), null)
  const { code, params, hop } = broken.error
  const said = { code, params: { ...params, hop } }
  const way: Finding = {
    ...behind('way', words(broken.status === 'REFUSED' ? 'way-refused' : 'way-down', { hop: broken.hop }), {
      since,
      plain: false,
    }),
    badness: badness('DOWN'),
    hides: hidden.map(idOf),
  }
  return {
    findings: [way, behind('way/why', said, { since, evidence: { reason: said } })],
    edges: [seen('way/why', 'way')],
  }
}

/** Slow round trips to all targets at once are the way's, not those of a target. */
export function slowWay(situation: Situation): Found {
  const slow = observationsOf(situation, 'redis').filter(({ reason }) => reason.code === 'redis-latency-high')
  const trips = situation.connection.hops.filter(({ kind }) => kind !== 'ssh').flatMap(({ ms }) => ms ?? [])
  const [first] = slow
  if (first === undefined) return {}
  const longest = figure(first, 'redis_latency_ms') ?? 0
  const alike = trips.filter((ms) => ms >= longest * ALIKE)
  if (alike.length < SEVERAL || alike.length < trips.length * MOST) return {}
  const ms = Math.min(...alike)
  return {
    findings: [
      behind('way/slow', words('way-slow', { ms }), { since: situation.since('redis', first.target) }),
    ],
    edges: slow.map((one) => likely('way/slow', idOf(one))),
  }
}

export function consoleOffline(situation: Situation): Found {
  const unseen = situation.observations.filter(({ reason }) => reason.code === 'console-offline')
  const [first] = unseen
  if (first === undefined) return {}
  const since = Math.min(...unseen.map(({ at }) => at))
  return {
    findings: [
      ...unseen.map((one) => symptom(one, one.at, words('not-observed', { target: one.target }))),
      behind('console', words('console-offline'), { since }),
    ],
    edges: unseen.map((one) => seen('console', idOf(one))),
  }
}
