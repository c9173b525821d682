/** How a service of a deployment profile is restarted, and on which machine. */
import { z } from 'zod'
import { Name, Path } from './fields.ts'

const Unit = z.string().regex(/^[A-Za-z0-9_.:@][A-Za-z0-9_.:@\\-]{0,254}$/, 'bad-unit')
const Container = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'bad-container')
/** A program and its arguments: nothing of it is read by a shell. */
const Arguments = z.array(z.string().min(1).max(1_000)).min(1).max(50)

export const RESTART_WAYS = ['compose', 'unit', 'command'] as const
export type RestartWay = (typeof RESTART_WAYS)[number]

export const Restart = z
  .strictObject({
    /** `local`: the machine that Vakhta runs on. `ssh`: the end of the chain. Else the name of one of `hosts`. */
    over: Name,
    /** A service of the project whose Compose file lies in that directory. */
    compose: z.strictObject({ directory: Path, service: Container }).optional(),
    unit: Unit.optional(),
    /** The unit is one of the user who logs in there. */
    user: z.boolean().optional(),
    command: Arguments.optional(),
    /** Where the command is run. */
    directory: Path.optional(),
    /** Prints something else after each start: how the command is seen to have made a new process. */
    identity: Arguments.optional(),
    /** For the restart, and then for the service to be well. */
    withinSeconds: z.number().int().min(5).max(3_600).optional(),
  })
  .superRefine((restart, context) => {
    const given = RESTART_WAYS.filter((way) => restart[way] !== undefined)
    if (given.length !== 1) {
      const found = given.length === 0 ? '–' : given.join(', ')
      context.addIssue({ code: 'custom', message: 'one-restart-way', params: { found } })
    }
    const only = { user: 'unit', directory: 'command', identity: 'command' } as const
    for (const [key, way] of Object.entries(only)) {
      if (restart[key as keyof typeof only] === undefined || restart[way] !== undefined) continue
      context.addIssue({ code: 'custom', path: [key], message: 'restart-key-unused', params: { key, way } })
    }
  })
export type Restart = z.infer<typeof Restart>

export function wayOf(restart: Restart): RestartWay {
  return RESTART_WAYS.find((way) => restart[way] !== undefined) ?? 'command'
}
