/** How many series a deployment has: one for each target of each probe that its profile gives something to look at. */
import type { Engine } from '../../src/main/engine/engine.ts'
import { createProbes, targetsOf } from '../../src/main/engine/probes/registry.ts'

export function seriesOf({ deployments }: Pick<Engine, 'deployments'>, name: string): number {
  const deployment = deployments.get(name)
  return deployment === null ? 0 : Object.values(targetsOf(createProbes(), deployment.profile)).flat().length
}
