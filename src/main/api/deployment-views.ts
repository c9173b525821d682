/** A deployment as scripts see it: summaries and statuses with their reasons in words. */
import { PROBE_IDS, type ProbeId } from '#shared/catalogue/probes.ts'
import { worstStatus } from '#shared/catalogue/statuses.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { ProbeStatus } from '#shared/model/fleet.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Deployment } from '../engine/deployments/deployments.ts'
import type { Engine } from '../engine/engine.ts'
import { noDeployment } from './refusal.ts'
import { momentOrNull, speak } from './speech.ts'

/** @throws Refusal where there is no deployment of that name */
export function deploymentOf(engine: Engine, name: string): Deployment {
  const deployment = engine.deployments.get(name)
  if (deployment === null) throw noDeployment(name)
  return deployment
}

const DECLARED: Record<ProbeId, (profile: DeploymentProfile) => boolean> = {
  health: ({ services }) => services.length > 0,
  pool: ({ postgres }) => postgres !== undefined,
  redis: ({ redis }) => redis.length > 0,
  host: ({ hosts }) => hosts.length > 0,
  traffic: ({ services }) => services.some(({ metrics }) => metrics !== null),
  exposition: ({ expositions }) => expositions.length > 0,
}

/** The status of one probe; where nobody looked, the reason says why. */
export function probeStatusOf(engine: Engine, { profile, paused }: Deployment, probe: ProbeId): ProbeStatus {
  const seen = engine.live.statuses(profile.name)[probe]
  if (!DECLARED[probe](profile)) return notSeen('nothing-watched')
  return seen ?? notSeen(paused ? 'paused' : 'not-yet-observed')
}

function notSeen(code: 'nothing-watched' | 'paused' | 'not-yet-observed'): ProbeStatus {
  return { status: 'UNOBSERVED', reason: { code, params: {} }, at: null }
}

/** The statuses of all probes: a script finds each of them, whatever the deployment has. */
export function spokenStatuses(engine: Engine, deployment: Deployment, language: Language) {
  const of = (probe: ProbeId) => {
    const { status, reason, at } = probeStatusOf(engine, deployment, probe)
    return { status, reason: speak(language, reason), at: momentOrNull(at) }
  }
  return Object.fromEntries(PROBE_IDS.map((probe) => [probe, of(probe)])) as Record<
    ProbeId,
    ReturnType<typeof of>
  >
}

export function summaryOf(engine: Engine, deployment: Deployment, language: Language) {
  const { name, environment, description } = deployment.profile
  const row = engine.fleetRow(name)
  const worst = worstStatus(PROBE_IDS.map((probe) => probeStatusOf(engine, deployment, probe).status))
  const reason = row?.reason ?? notSeen('not-yet-observed').reason
  return {
    name,
    environment,
    description: description ?? null,
    paused: deployment.paused,
    connection: engine.connection(name).status,
    status: row?.status ?? worst,
    reason: speak(language, reason),
    at: momentOrNull(row?.at ?? null),
  }
}
