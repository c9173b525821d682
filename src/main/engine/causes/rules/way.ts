/** The way to a deployment: a hop that is down hides all that is behind it, and a console without a network sees nothing. */
import { behind, type Found, idOf, seen, symptom, words } from '../finding.ts'
import type { Situation } from '../situation.ts'
import { isBad, isOfTheWay } from './symptoms.ts'

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
  return {
    findings: [
      behind('way', words(broken.status === 'REFUSED' ? 'way-refused' : 'way-down', { hop: broken.hop }), {
        since,
        plain: false,
      }),
      behind('way/why', said, { since, evidence: { reason: said } }),
    ],
    edges: [...hidden.map((one) => seen('way', idOf(one))), seen('way/why', 'way')],
  }
}

export function console(situation: Situation): Found {
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
