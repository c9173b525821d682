/** The keys under which the query cache holds what the console said. */
import type { Api } from './client.ts'

export interface Keys {
  /** Rows of the fleet, patched by changes. */
  readonly fleet: readonly unknown[]
  /** The newest observations and the connection of one deployment, patched by changes. */
  deployment(name: string): readonly unknown[]
  /** The alerts that fire, of every deployment; patched by changes. */
  readonly alerts: readonly unknown[]
  /** Whether those came that did not stand on the first page. It waits between pages: not a snapshot that is under way. */
  readonly alertsRest: readonly unknown[]
  /** Silences that are in force: fetched again when an alert turned, since one may have come under one. */
  readonly silences: readonly unknown[]
  /** What changed in one deployment: fetched again when there is something new. */
  timeline(name: string): readonly unknown[]
  /** Everything about deployments' profiles: fetched again after an edit. */
  readonly profiles: readonly unknown[]
  readonly hosts: readonly unknown[]
  readonly secrets: readonly unknown[]
  readonly channels: readonly unknown[]
  readonly heartbeats: readonly unknown[]
  /** What servers ask of people: fetched again when that changed. */
  readonly questions: readonly unknown[]
  /** Rules of alerts, what people set of them, and what they did. */
  readonly rules: readonly unknown[]
  readonly windows: readonly unknown[]
  /** Rotas, their shifts and the people in them. */
  readonly rota: readonly unknown[]
  readonly escalation: readonly unknown[]
  /** Hand-overs, and the notes in them. */
  readonly handover: readonly unknown[]
  /** Operations, and what is known of each: fetched again when one turned. */
  readonly operations: readonly unknown[]
  /** Backups of a deployment, and how it stands with them: fetched again when one of it turned, or its profile was edited. */
  readonly backups: readonly (readonly unknown[])[]
  /** How all deployments stand with their backups. */
  readonly standings: readonly unknown[]
  readonly session: readonly unknown[]
  readonly notices: readonly unknown[]
}

export function createKeys(api: Api): Keys {
  // Asked for with each change of a row of the fleet, and dearer to make than to keep.
  const deployments = new Map<string, readonly unknown[]>()
  return {
    fleet: api.live.fleet.queryKey(),
    deployment(name) {
      const known = deployments.get(name)
      if (known !== undefined) return known
      const key = api.live.deployment.queryKey({ input: { name } })
      deployments.set(name, key)
      return key
    },
    alerts: api.alerts.live.queryKey({ input: {} }),
    alertsRest: ['alerts-rest'],
    silences: api.silences.list.key(),
    timeline: (name) => [...api.timeline.key(), name],
    profiles: api.deployments.key(),
    hosts: api.hosts.key(),
    secrets: api.secrets.key(),
    channels: api.channels.key(),
    heartbeats: api.heartbeats.key(),
    questions: api.questions.key(),
    rules: api.alerts.rules.key(),
    windows: api.windows.key(),
    rota: api.rota.key(),
    escalation: api.escalation.key(),
    handover: api.handover.key(),
    operations: api.operations.key(),
    backups: [api.backups.list.key(), api.backups.summary.key()],
    standings: api.backups.summary.queryKey({ input: {} }),
    session: api.session.get.queryKey(),
    notices: ['notices'],
  }
}
