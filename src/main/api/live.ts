/** What is seen now and what was seen before, for screens. */
import type { Engine } from '../engine/engine.ts'
import { deploymentOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { noDeployment, Refusal } from './refusal.ts'

const NEVER = new AbortController().signal

export function implementLive({ live }: Procedures, engine: Engine) {
  return {
    fleet: live.fleet.handler(() => ({
      rows: engine.deployments.list().flatMap(({ profile }) => engine.fleetRow(profile.name) ?? []),
    })),

    deployment: live.deployment.handler(({ input: { name } }) => {
      const { profile } = deploymentOf(engine, name)
      const row = engine.fleetRow(name)
      if (row === null) throw noDeployment(name)
      return {
        row,
        profile,
        connection: engine.connection(name),
        statuses: engine.live.statuses(name),
        observations: engine.live.latest(name),
        causes: engine.causes.of(name),
      }
    }),

    changes: live.changes.handler(({ input, signal }) => engine.changes(input, signal ?? NEVER)),
  }
}

export function implementHistory({ history }: Procedures, engine: Engine) {
  return {
    range: history.range.handler(({ input }) => {
      deploymentOf(engine, input.deployment)
      refuseBackwards(input)
      return engine.history.range(input)
    }),

    statuses: history.statuses.handler(async ({ input }) => {
      deploymentOf(engine, input.deployment)
      refuseBackwards(input)
      return { spans: await engine.history.statuses(input.deployment, input.from, input.to) }
    }),
  }
}

/** @throws Refusal where a range ends before it begins */
export function refuseBackwards({ from, to }: { from: number; to: number }): void {
  if (from < to) return
  throw new Refusal(
    'BAD_REQUEST',
    'range-backwards',
    {},
    {
      issues: [{ path: 'from', message: `expected "from" (${from}) to be before "to" (${to})` }],
    },
  )
}
