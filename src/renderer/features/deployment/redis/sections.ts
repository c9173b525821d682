/** The parts of the Redis screen, and the place of each in the address: `cache:memory`. */

export const SECTIONS = ['overview', 'slow-log', 'memory', 'clients', 'queues'] as const
export type Section = (typeof SECTIONS)[number]

export interface RedisPlace {
  readonly target: string
  readonly section: Section
}

/**
 * @param part what follows `redis/` in the address; what is not known is the first
 * @param targets names of the profile's Redis servers
 */
export function placeOf(part: string | null, targets: readonly string[]): RedisPlace | null {
  const [name = '', rest = ''] = (part ?? '').split(':')
  const target = targets.find((one) => one === name) ?? targets[0]
  if (target === undefined) return null
  return { target, section: SECTIONS.find((one) => one === rest) ?? 'overview' }
}
