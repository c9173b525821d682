/** A dead man's switch as the form holds it, there and back; what has no field is kept. Pure. */
import type { Heartbeat } from '#shared/model/heartbeat.ts'
import { NOTHING_KEPT, onTop } from '../form/parts/kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from '../form/parts/secret.ts'

export interface HeartbeatDraft {
  name: string
  kind: Heartbeat['kind']
  enabled: boolean
  everySeconds: number | string
  url: SecretDraft
  method: 'GET' | 'POST'
  server: string
  routingKey: SecretDraft
  /** As it is on record; `null` for a new one. */
  kept: Heartbeat | null
}

export function heartbeatDraft(heartbeat: Heartbeat | null): HeartbeatDraft {
  return {
    name: heartbeat?.name ?? '',
    kind: heartbeat?.kind ?? 'url',
    enabled: heartbeat?.enabled ?? true,
    everySeconds: heartbeat?.everySeconds ?? 60,
    url: secretDraft(heartbeat?.kind === 'url' ? heartbeat.url : ''),
    method: heartbeat?.kind === 'url' ? heartbeat.method : 'POST',
    server: heartbeat !== null && heartbeat.kind !== 'url' ? heartbeat.server : '',
    routingKey: secretDraft(heartbeat?.kind === 'pagerduty' ? heartbeat.routingKey : ''),
    kept: heartbeat,
  }
}

/** As the contract takes it; the schema judges it. Holds references alone. */
export function heartbeatOf(draft: HeartbeatDraft): Record<string, unknown> {
  const { kind, kept, enabled, everySeconds, method } = draft
  const server = draft.server.trim()
  const ofKind = {
    url: { url: referenceOf(draft.url), method },
    alertmanager: { server },
    pagerduty: { server: server === '' ? undefined : server, routingKey: referenceOf(draft.routingKey) },
  }[kind]
  const fields = { kind, name: draft.name.trim(), enabled, everySeconds, ...ofKind }
  return onTop(kept?.kind === kind ? kept : NOTHING_KEPT, fields, ['name', 'url', 'server', 'routingKey'])
}
