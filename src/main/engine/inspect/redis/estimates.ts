/**
 * What a sample of keys says of all of them. A share of the memory is a ratio of two sums that vary together: its error is
 * that of the ratio estimator (Cochran, Sampling Techniques, chapter 6); margins are of 95 %.
 */
import type { Estimate, KeyGroup, SampledKey } from '#shared/model/redis-server.ts'
import type { Sample, Sampled } from './sample-keys.ts'

const Z95 = 1.96
const LISTED_GROUPS = 50
const LISTED_KEYS = 20

/**
 * Groups of the sample, those that take the most memory first.
 * @param names under which each of the sampled counts, in their order
 */
export function groupsOf(sample: Pick<Sample, 'sampled' | 'whole'>, names: readonly string[]): KeyGroup[] {
  const { sampled, whole } = sample
  const members = new Map<string, Sampled[]>()
  for (const [index, one] of sampled.entries()) {
    const name = names[index] ?? ''
    const group = members.get(name)
    if (group === undefined) members.set(name, [one])
    else group.push(one)
  }
  return [...members]
    .map(([name, group]): KeyGroup => {
      return {
        name,
        sampled: group.length,
        ofKeys: shareOfKeys(group.length, sampled.length, whole),
        ofMemory: shareOfMemory(group, sampled, whole),
        expiring: (100 * group.filter(({ ttlMs }) => ttlMs !== null).length) / group.length,
      }
    })
    .toSorted(
      (one, other) =>
        (other.ofMemory?.percent ?? 0) - (one.ofMemory?.percent ?? 0) || other.sampled - one.sampled,
    )
    .slice(0, LISTED_GROUPS)
}

/** Wilson's interval, which says something also of a group that is almost nothing, or almost all. */
export function shareOfKeys(count: number, of: number, whole: boolean): Estimate {
  const share = count / of
  if (whole) return { percent: 100 * share, margin: 0 }
  const spread = Math.sqrt((share * (1 - share)) / of + Z95 ** 2 / (4 * of ** 2))
  return { percent: 100 * share, margin: (100 * Z95 * spread) / (1 + Z95 ** 2 / of) }
}

/** `null` where sizes are not known. */
export function shareOfMemory(
  group: readonly Sampled[],
  all: readonly Sampled[],
  whole: boolean,
): Estimate | null {
  const known = all.filter(({ bytes }) => bytes !== null)
  const total = sumOf(known)
  if (total === 0) return null
  const share = sumOf(group) / total
  if (whole) return { percent: 100 * share, margin: 0 }
  const count = known.length
  if (count < 2) return { percent: 100 * share, margin: 100 }
  const isMember = new Set(group)
  const squares = known.reduce(
    (sum, one) => sum + ((one.bytes ?? 0) * ((isMember.has(one) ? 1 : 0) - share)) ** 2,
    0,
  )
  const error = Math.sqrt(squares / (count - 1) / count) / (total / count)
  return { percent: 100 * share, margin: Math.min(100, 100 * Z95 * error) }
}

function sumOf(keys: readonly Sampled[]): number {
  return keys.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
}

/** The biggest of the sample, under the names that may be shown. */
export function biggestOf(sampled: readonly Sampled[], names: readonly string[]): SampledKey[] {
  return sampled
    .map(({ type, bytes, ttlMs }, index) => ({ name: names[index] ?? '', type, bytes, ttlMs }))
    .toSorted((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
    .slice(0, LISTED_KEYS)
}
