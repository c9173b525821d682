/** How a service is restarted, in the form: there and back. Pure. */
import { RESTART_WAYS, type Restart, wayOf } from '#shared/model/profile/restart.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { linesOf } from './lines.ts'

/** `none`: not from here. */
export const RESTART_CHOICES = ['none', ...RESTART_WAYS] as const
export type RestartChoice = (typeof RESTART_CHOICES)[number]

export interface RestartDraft {
  way: RestartChoice
  over: string
  compose: { directory: string; service: string; kept: Kept }
  unit: string
  user: boolean
  /** One argument a line, here and below: what stands in one may have blanks in it. */
  command: string
  identity: string
  directory: string
  withinSeconds: number | ''
  kept: Kept
}

/** @param machine what a restart that is chosen begins with */
export function restartDraft(restart: Restart | undefined, machine: string): RestartDraft {
  const { directory = '', service = '' } = restart?.compose ?? {}
  return {
    way: restart === undefined ? 'none' : wayOf(restart),
    over: restart?.over ?? machine,
    compose: { directory, service, kept: restart?.compose ?? NOTHING_KEPT },
    unit: restart?.unit ?? '',
    user: restart?.user ?? false,
    command: restart?.command?.join('\n') ?? '',
    identity: restart?.identity?.join('\n') ?? '',
    directory: restart?.directory ?? '',
    withinSeconds: restart?.withinSeconds ?? '',
    kept: restart ?? NOTHING_KEPT,
  }
}

/** What was typed for another way waits while this one is chosen. */
export function restartOf(draft: RestartDraft): Record<string, unknown> | undefined {
  const { way, over, compose, unit, user, command, identity, directory, withinSeconds, kept } = draft
  if (way === 'none') return undefined
  const place = { directory: compose.directory.trim(), service: compose.service.trim() }
  const lines = (text: string) => {
    const found = linesOf(text)
    return found.length === 0 ? undefined : found
  }
  const isCommand = way === 'command'
  return onTop(
    kept,
    {
      over,
      compose: way === 'compose' ? onTop(compose.kept, place, ['directory', 'service']) : undefined,
      unit: way === 'unit' ? unit.trim() : undefined,
      user: way === 'unit' && (user || kept.user !== undefined) ? user : undefined,
      // Empty it is told of at its field.
      command: isCommand ? linesOf(command) : undefined,
      identity: isCommand ? lines(identity) : undefined,
      directory: isCommand ? directory.trim() : undefined,
      withinSeconds,
    },
    ['over', 'unit'],
  )
}
