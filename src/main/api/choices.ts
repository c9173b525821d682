/** Which deployment and which Redis a script means when it may leave them out. */
import type { Deployment } from '../engine/deployments/deployments.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentOf } from './deployment-views.ts'
import { Refusal } from './refusal.ts'

/** The one named; without a name the only one there is. @throws Refusal, with the names, where there are several */
export function chosenDeployment(engine: Engine, name: string | undefined): Deployment {
  if (name !== undefined) return deploymentOf(engine, name)
  const [only, ...others] = engine.deployments.list()
  if (only === undefined)
    throw new Refusal('NOT_FOUND', 'no-deployments', {}, { what: 'deployment', name: '' })
  if (others.length > 0)
    throw choose(
      'deployment',
      [only, ...others].map(({ profile }) => profile.name),
    )
  return only
}

/** The one named, or all. */
export function deploymentsMeant(engine: Engine, name: string | undefined): Deployment[] {
  return name === undefined ? engine.deployments.list() : [deploymentOf(engine, name)]
}

/** The Redis named; without a name the only one; `null` where the deployment has none. */
export function chosenRedis({ profile }: Deployment, name: string | undefined): string | null {
  const names = profile.redis.map((redis) => redis.name)
  if (name !== undefined) {
    if (names.includes(name)) return name
    throw new Refusal(
      'NOT_FOUND',
      'no-redis',
      { name, deployment: profile.name, names: names.join(', ') },
      { what: 'redis', name },
    )
  }
  if (names.length > 1) throw choose('target', names)
  return names[0] ?? null
}

function choose(parameter: 'deployment' | 'target', names: string[]): Refusal {
  const list = names.join(', ')
  return new Refusal(
    'BAD_REQUEST',
    'choose-one',
    { parameter, names: list },
    { issues: [{ path: parameter, message: `expected one of: ${list}` }] },
  )
}
