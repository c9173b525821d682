/** Three days of watching real servers by a driven clock, with a fault each hour: what stays behind. */
import { leaksOf, soak, soakLine } from '../support/soak.ts'
import type { BenchLine } from './line.ts'

const HOURS = 72

export async function benchSoak(): Promise<BenchLine[]> {
  const soaked = await soak({ hours: HOURS })
  const leaks = leaksOf(soaked)
  return [
    {
      name: `${HOURS} h of driven clock, 2 deployments, a fault each hour`,
      budget: 'heap, handles, timers, connections flat',
      value: leaks.length === 0 ? soakLine(soaked) : leaks.join('; '),
      ok: leaks.length === 0,
    },
  ]
}
