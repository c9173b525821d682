/** Why a service is not ready, slow or failing: what it names itself, and what is bad at the same time behind it. */
import type { Observation } from '#shared/model/observation.ts'
import {
  behind,
  type Edge,
  type Finding,
  type Found,
  idOf,
  likely,
  seen,
  symptom,
  words,
} from '../finding.ts'
import { figure, observationsOf, type Situation } from '../situation.ts'
import { isPoolUsed } from './database.ts'
import { isBad } from './symptoms.ts'

const DATABASE = /postgres|database|sql|\bdb\b|pool/i
const REDIS = /redis|cache|broker|celery|queue|session/i
/** Trouble of servers that answers go on being given through, and what is trouble for whoever watches alone. */
const UNFELT: ReadonlySet<string> = new Set([
  'pool-archive-failing',
  'pool-archive-never',
  'pool-replication-lagging',
  'pool-xid-age-high',
  'pool-mxid-age-high',
  'pool-privilege-missing',
  'pool-replication-hidden',
  'pool-views-disagree',
  'pool-query-failed',
  'pool-query-too-slow',
  'pool-query-many-rows',
  'pool-query-without-column',
  'pool-query-no-number',
  'redis-save-failing',
  'redis-info-renamed',
  'redis-info-forbidden',
])
/** Said of a service that is ready although what it needs is down: not before this long, ready checks have their interval too. */
const LIES_AFTER_MS = 12_000
/** What is bad later than its effect, by more than looks are apart, is not its cause. */
const LOOKS_APART_MS = 12_000

export function services(situation: Situation): Found {
  const found = [
    ...observationsOf(situation, 'health').map((health) =>
      isBad(health) ? notReady(situation, health) : readyAllTheSame(situation, health),
    ),
    ...observationsOf(situation, 'traffic')
      .filter(isBad)
      .map((traffic) => slowOrFailing(situation, traffic)),
  ]
  return {
    findings: found.flatMap(({ findings = [] }) => findings),
    edges: found.flatMap(({ edges = [] }) => edges),
  }
}

function notReady(situation: Situation, health: Observation): Found {
  const { code } = health.reason
  if (code === 'health-ready-unanswered') return readyBlocks(situation, health)
  if (code !== 'health-not-ready' && code !== 'health-not-ready-because') return {}
  const named = namesOf(health)
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const one of troubled(situation)) {
    if (named.length === 0) {
      if (isNotLater(situation, one, health)) edges.push(likely(idOf(one), idOf(health)))
    } else if (named.some((name) => means(situation, name, one))) {
      edges.push(seen(idOf(one), idOf(health)))
    }
  }
  // What it names and nobody here watches is as far back as can be seen. Beside something that is seen to be in trouble it
  // may be no more than the same trouble: a schema cannot be read without a connection either.
  if (named.length > 0 && edges.length === 0) {
    const id = `named/${health.target}`
    const dependencies = health.evidence?.dependencies
    findings.push(
      behind(id, words('service-names', { service: health.target, names: named.join(', ') }), {
        probe: 'health',
        target: health.target,
        since: situation.since('health', health.target),
        evidence: dependencies === undefined ? null : { dependencies },
      }),
    )
    edges.push(seen(id, idOf(health)))
  }
  return { findings, edges }
}

/** A ready check that takes a connection itself gets none while the pool is used up, and does not answer. */
function readyBlocks(situation: Situation, health: Observation): Found {
  const id = `ready-blocks/${health.target}`
  const pools = observationsOf(situation, 'pool').filter(
    (pool) => isBad(pool) && isPoolUsed(pool) && isNotLater(situation, pool, health),
  )
  if (pools.length === 0) return {}
  const finding = behind(id, words('ready-waits-for-pool'), {
    probe: 'health',
    target: health.target,
    since: situation.since('health', health.target),
    plain: false,
  })
  return {
    findings: [finding],
    edges: [seen(id, idOf(health)), ...pools.map((pool) => likely(idOf(pool), id))],
  }
}

/** The opposite: it says that it is ready while what it needs is down. Traffic goes on being sent to it. */
function readyAllTheSame(situation: Situation, health: Observation): Found {
  if (figure(health, 'health_ready') !== 1) return {}
  const named = Object.keys(health.evidence?.dependencies ?? {})
  const down = troubled(situation).filter((one) => {
    const since = situation.since(one.probe, one.target)
    const isDown = figure(one, 'db_up') === 0 || figure(one, 'redis_connected') === 0
    return isDown && since !== null && situation.now - since >= LIES_AFTER_MS
  })
  // A service that says what it depends on, and not on that, does not lie.
  const denied = down.filter((one) => named.length === 0 || named.some((name) => means(situation, name, one)))
  const [first] = denied
  if (first === undefined) return {}
  const finding: Finding = {
    ...symptom(
      health,
      situation.since(first.probe, first.target),
      words('ready-all-the-same', { service: health.target }),
    ),
    badness: 1,
  }
  const certainty = named.length === 0 ? likely : seen
  return { findings: [finding], edges: denied.map((one) => certainty(idOf(one), idOf(health))) }
}

function slowOrFailing(situation: Situation, traffic: Observation): Found {
  const { code } = traffic.reason
  if (!code.startsWith('traffic-slow') && code !== 'traffic-errors-high') return {}
  return {
    edges: troubled(situation)
      .filter((one) => isNotLater(situation, one, traffic))
      .map((one) => likely(idOf(one), idOf(traffic))),
  }
}

/** What services stand on, where it is in trouble that they feel. */
function troubled(situation: Situation): Observation[] {
  return [...observationsOf(situation, 'pool'), ...observationsOf(situation, 'redis')].filter(
    (one) => isBad(one) && one.status !== 'UNKNOWN' && !UNFELT.has(one.reason.code),
  )
}

function namesOf({ reason }: Observation): string[] {
  const { dependencies } = reason.params
  return typeof dependencies === 'string' ? dependencies.split(', ') : []
}

function means(situation: Situation, name: string, { probe, target }: Observation): boolean {
  if (probe === 'pool') return DATABASE.test(name)
  const isNamed = observationsOf(situation, 'redis').some((redis) => redis.target === name)
  return isNamed ? target === name : REDIS.test(name)
}

function isNotLater(situation: Situation, cause: Observation, effect: Observation): boolean {
  const [began, followed] = [cause, effect].map((one) => situation.since(one.probe, one.target))
  return began != null && followed != null && began <= followed + LOOKS_APART_MS
}
