/** Keeps evidence within 16 KiB of JSON: lists are shortened from their end, then whole parts go. */
import type { Evidence } from '#shared/model/observation.ts'

export const EVIDENCE_BYTES = 16 * 1024

function size(evidence: Evidence): number {
  return Buffer.byteLength(JSON.stringify(evidence))
}

/** The same evidence without what does not fit; parts that matter least go first. */
export function boundEvidence(evidence: Evidence): Evidence {
  if (size(evidence) <= EVIDENCE_BYTES) return evidence
  const bounded: Evidence = { ...evidence }
  for (const list of ['slowLog', 'redisNodes', 'statements'] as const) {
    while ((bounded[list]?.length ?? 0) > 1 && size(bounded) > EVIDENCE_BYTES) {
      const shorter = bounded[list]?.slice(0, Math.floor((bounded[list].length * 3) / 4))
      Object.assign(bounded, { [list]: shorter })
    }
  }
  for (const part of [
    'redisInfo',
    'certificates',
    'dependencies',
    'facts',
    'slowLog',
    'redisNodes',
    'queues',
    'statements',
  ] as const) {
    if (size(bounded) > EVIDENCE_BYTES) delete bounded[part]
  }
  return bounded
}
