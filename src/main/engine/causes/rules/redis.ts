/** Redis' memory → evictions → hit rate → load on the database. */
import type { Observation } from '#shared/model/observation.ts'
import { behind, type Edge, type Finding, type Found, idOf, likely, seen, words } from '../finding.ts'
import { crossedLimit, figure, observationsOf, type Situation } from '../situation.ts'
import { isPoolUsed, slowId, slowSince } from './database.ts'
import { isBad } from './symptoms.ts'

/** Memory that is this full is why a server evicts. */
const FULL_PERCENT = 90
/** Lookups that miss go to the database: said where the hit rate fell by this much. */
const FELL_POINTS = 10
/** It was so before it was seen to be so. */
const A_LOOK_MS = 15_000

export function redisMemory(situation: Situation): Found {
  const found = observationsOf(situation, 'redis').map((redis) => ofOne(situation, redis))
  return {
    findings: found.flatMap(({ findings = [] }) => findings),
    edges: found.flatMap(({ edges = [] }) => edges),
  }
}

function ofOne(situation: Situation, redis: Observation): Found {
  const findings: Finding[] = []
  const edges: Edge[] = []
  const id = (step: string) => `${step}/${redis.target}`
  const here = { probe: redis.probe, target: redis.target, since: situation.since('redis', redis.target) }
  const evictions = crossedLimit(situation, redis, 'redis_evictions_per_second') !== null
  const memory = figure(redis, 'redis_memory_usage')
  const missed = hitRateFell(situation, redis)

  if (evictions) {
    const value = figure(redis, 'redis_evictions_per_second')
    if (redis.reason.code !== 'redis-evicting') {
      findings.push(behind(id('evicts'), words('redis-evicts', { redis: redis.target, value }), here))
    }
    const evicts = redis.reason.code === 'redis-evicting' ? idOf(redis) : id('evicts')
    if (memory !== null && memory >= FULL_PERCENT) {
      findings.push(
        behind(id('full'), words('redis-memory-full', { redis: redis.target, percent: memory }), {
          ...here,
          evidence: { values: [{ metric: 'redis_memory_usage', value: memory, limit: null }] },
        }),
      )
      edges.push(seen(id('full'), evicts))
    }
    if (missed !== null) edges.push(likely(evicts, id('misses')))
    if (redis.reason.code === 'redis-hit-rate-low') edges.push(likely(evicts, idOf(redis)))
  }
  if (missed !== null) {
    // It falls also where a stuck service asks for less: only what was evicted was there before.
    const burdened = evictions
      ? observationsOf(situation, 'pool').filter((pool) => isBad(pool) && isBurdened(pool))
      : []
    if (burdened.length > 0 || redis.reason.code === 'redis-hit-rate-low') {
      findings.push(
        behind(
          id('misses'),
          words('redis-misses', { redis: redis.target, value: missed.now, before: missed.before }),
          {
            ...here,
            plain: false,
          },
        ),
      )
    }
    for (const pool of burdened) {
      edges.push(likely(id('misses'), idOf(pool)))
      // What each miss asks for is among what the database is seen to run, where all of that began since.
      const [began, turned] = [slowSince(situation, pool), here.since]
      if (began !== null && turned !== null && began >= turned - A_LOOK_MS)
        edges.push(likely(id('misses'), slowId(pool)))
    }
  }
  return { findings, edges }
}

function isBurdened(pool: Observation): boolean {
  return isPoolUsed(pool) || pool.reason.code === 'pool-slow-statements'
}

/** Percent now and at best within the ring, where it fell; `null` where it did not, or is not known. */
function hitRateFell(situation: Situation, redis: Observation): { now: number; before: number } | null {
  const now = figure(redis, 'redis_hit_rate')
  if (now === null) return null
  const rates = situation
    .ring('redis', redis.target)
    .map((one) => figure(one, 'redis_hit_rate'))
    .filter((rate) => rate !== null)
  const best = Math.max(now, ...rates)
  return best - now >= FELL_POINTS ? { now, before: best } : null
}
