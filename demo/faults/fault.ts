/** What a fault of the demo is, and how its effect is looked at. */
import type { DemoDeployment } from '../deployment.ts'
import type { FaultName } from '../fault-names.ts'

/** A way to begin it and a way to end it; both may be asked for twice, and resolve once it is seen to be so. */
export interface Fault {
  /** Throws `FaultRefused` where it cannot be had; `others`: which faults the deployment has. */
  begin(deployment: DemoDeployment, others: ReadonlySet<FaultName>): Promise<void>
  end(deployment: DemoDeployment): Promise<void>
}

/** How many of the application's backends are as `condition` says. */
export async function backends({ postgres, roles }: DemoDeployment, condition: string): Promise<number> {
  const [row] = await postgres.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1 AND ${condition}`,
    { values: [roles.application.user] },
  )
  return Number(row?.count)
}

/** What the service itself answers. */
export async function get(
  { serviceUrl }: DemoDeployment,
  path: string,
): Promise<{ status: number; text: string; ms: number }> {
  const began = performance.now()
  const response = await fetch(new URL(path, serviceUrl), { signal: AbortSignal.timeout(10_000) })
  const text = await response.text()
  return { status: response.status, text, ms: performance.now() - began }
}

/** What the service's ready endpoint says of one of its dependencies. */
export async function dependency(deployment: DemoDeployment, name: string): Promise<string> {
  const { text } = await get(deployment, '/ready')
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies[name] ?? 'not named'
}
