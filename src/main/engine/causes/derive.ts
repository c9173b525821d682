/** From what the rules found to "A ← B ← C": chains from the worst symptom back to each root, the likeliest first. */
import type { Cause, CauseLink } from '#shared/model/cause.ts'
import type { Edge, Finding, Rule } from './finding.ts'
import { changes } from './rules/changes.ts'
import { database } from './rules/database.ts'
import { disk } from './rules/disk.ts'
import { redisMemory } from './rules/redis.ts'
import { services } from './rules/services.ts'
import { symptoms } from './rules/symptoms.ts'
import { consoleOffline, slowWay, way } from './rules/way.ts'
import type { Situation } from './situation.ts'

const RULES: readonly Rule[] = [
  symptoms,
  way,
  slowWay,
  consoleOffline,
  services,
  database,
  redisMemory,
  disk,
  changes,
]
/** A chain longer than this explains nothing; it also ends a circle. */
const MOST_LINKS = 8
const CERTAINTIES = ['seen', 'likely', 'not-found'] as const satisfies readonly Cause['certainty'][]

/**
 * Every cause that was found, ranked: by how bad its symptom is, by whether it was seen, concluded or not found, by how much
 * it explains, by when it began.
 */
export function deriveCauses(situation: Situation): Cause[] {
  const found = RULES.map((rule) => rule(situation))
  const findings = new Map(found.flatMap((one) => one.findings ?? []).map((one) => [one.id, one] as const))
  const edges = found
    .flatMap((one) => one.edges ?? [])
    .filter(({ cause, effect }) => findings.has(cause) && findings.has(effect) && cause !== effect)
  const explained = new Set(edges.map(({ effect }) => effect))
  const explaining = new Set(edges.map(({ cause }) => cause))
  const roots = [...findings.values()].filter(
    ({ id, badness }) => !explained.has(id) && (badness > 0 || explaining.has(id)),
  )
  return roots
    .flatMap((root) => causeOf(root, { findings, edges, now: situation.now }) ?? [])
    .toSorted(byWeight)
    .map(({ cause }) => cause)
}

interface Graph {
  readonly findings: ReadonlyMap<string, Finding>
  readonly edges: readonly Edge[]
  readonly now: number
}

interface Weighed {
  readonly cause: Cause
  readonly badness: number
  /** Milliseconds between a change and what went bad; 0 for what is no change. */
  readonly apartMs: number
}

/** The chain from the worst symptom that a root explains; `null` where it explains none. */
function causeOf(root: Finding, graph: Graph): Weighed | null {
  const chains = chainsFrom([root], graph)
  const best = chains
    .filter(([top]) => (top?.badness ?? 0) > 0)
    .toSorted((a, b) => (b[0]?.badness ?? 0) - (a[0]?.badness ?? 0) || b.length - a.length)[0]
  const top = best?.[0]
  if (best === undefined || top === undefined) return null
  const named = new Set(best.map(({ id }) => id))
  const others = new Set(chains.flat().filter(({ id, badness }) => badness > 0 && !named.has(id)))
  const since = top.since ?? root.since ?? graph.now
  return {
    apartMs: root.isChange === true ? Math.abs(since - (root.since ?? since)) : 0,
    badness: Math.max(...best.map(({ badness }) => badness)),
    cause: {
      code: root.reason.code,
      links: best.map(asLink),
      since,
      certainty: certaintyOf(best, graph),
      alsoExplains: [...[...others].map(({ id }) => id), ...best.flatMap(({ hides = [] }) => hides)],
    },
  }
}

/** All ways from a root up to what nothing follows from, symptom first. */
function chainsFrom(chain: readonly Finding[], graph: Graph): Finding[][] {
  const [last] = chain
  const effects = graph.edges
    .filter(({ cause, effect }) => cause === last?.id && !chain.some(({ id }) => id === effect))
    .flatMap(({ effect }) => graph.findings.get(effect) ?? [])
  if (effects.length === 0 || chain.length >= MOST_LINKS) return [[...chain]]
  return effects.flatMap((effect) => chainsFrom([effect, ...chain], graph))
}

function certaintyOf(chain: readonly Finding[], { edges }: Graph): Cause['certainty'] {
  const [only] = chain
  if (chain.length === 1 && only !== undefined) return only.plain ? 'seen' : 'not-found'
  const root = chain.at(-1)
  if (root !== undefined && !root.plain && root.badness > 0) return 'not-found'
  const isSeen = chain
    .slice(1)
    .every((cause, index) =>
      edges.some(
        (edge) => edge.cause === cause.id && edge.effect === chain[index]?.id && edge.certainty === 'seen',
      ),
    )
  return isSeen ? 'seen' : 'likely'
}

function asLink({ reason, probe, target, since, evidence }: Finding): CauseLink {
  return { reason, probe, target, since, evidence }
}

function byWeight(a: Weighed, b: Weighed): number {
  return (
    b.badness - a.badness ||
    CERTAINTIES.indexOf(a.cause.certainty) - CERTAINTIES.indexOf(b.cause.certainty) ||
    a.apartMs - b.apartMs ||
    b.cause.alsoExplains.length - a.cause.alsoExplains.length ||
    b.cause.links.length - a.cause.links.length ||
    a.cause.since - b.cause.since
  )
}
