/** A log in the form. */
import { kindOf, LOG_KINDS, type LogKind, type LogSource } from '#shared/model/profile/log.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'

export interface LogDraft {
  name: string
  over: string
  kind: LogKind
  journal: string
  container: string
  compose: { project: string; directory: string; service: string; kept: Kept }
  file: string
  kept: Kept
}

export const newLog = (name: string, over: string): LogDraft => ({
  ...logDraft({ name, over, file: '' }),
  kept: NOTHING_KEPT,
})

export function logDraft(log: LogSource): LogDraft {
  const { name, over, journal = '', container = '', compose, file = '' } = log
  const { project = '', directory = '', service = '' } = compose ?? {}
  return {
    name,
    over,
    kind: kindOf(log),
    journal,
    container,
    compose: { project, directory, service, kept: compose ?? NOTHING_KEPT },
    file,
    kept: log,
  }
}

export function logOf({ name, over, kind, compose, kept, ...draft }: LogDraft): Record<string, unknown> {
  const { project, directory, service } = compose
  const place =
    kind === 'compose'
      ? onTop(
          compose.kept,
          { project: project.trim(), directory: directory.trim(), service: service.trim() },
          ['service'],
        )
      : draft[kind].trim()
  // What was typed for another kind waits while this one is chosen.
  const others = Object.fromEntries(LOG_KINDS.map((one) => [one, undefined]))
  return onTop(kept, { ...others, name: name.trim(), over, [kind]: place }, ['name', kind])
}
