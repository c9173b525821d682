/** Whom a step reaches, as a choice of the form has it: `watch:primary`. */
import type { EscalationTarget } from '#shared/model/escalation.ts'

export function targetKey(target: EscalationTarget): string {
  return target.kind === 'channel' ? `channel:${target.channel}` : `${target.kind}:${target.rota}`
}

export function targetOf(key: string): EscalationTarget {
  const [kind, name = ''] = key.split(/:(.*)/s)
  if (kind === 'watch' || kind === 'next') return { kind, rota: name }
  return { kind: 'channel', channel: name }
}
