/** The machine at the end of a deployment's SSH chain, as far as programs are run there. */
import type { Failure } from '#shared/model/failure.ts'
import type { Ssh } from '#shared/model/profile/ssh.ts'
import type { Link } from '../../../reach/links/link.ts'
import type { StartedProgram } from '../../../reach/links/started-program.ts'
import { hopPlace } from '../../../reach/links/stop.ts'
import type { ExecAnswer, HostSession, Limits } from '../../../reach/reach.ts'

export interface Machine {
  /** As people name it. */
  readonly name: string
  readonly run: HostSession['run']
}

export interface There extends Machine {
  start(argv: readonly string[], limits: Limits): Promise<StartedProgram>
  /** Why the way to it is cut; `null`: it stands. */
  down(): Failure | null
}

export function nameOfEnd({ hops }: Ssh): string {
  const last = hops.at(-1)
  return last === undefined ? '' : hopPlace(last).hop
}

export function endOf(link: Link, ssh: Ssh): There {
  const name = nameOfEnd(ssh)
  const place = { hop: `host ${name}`, on: 'target' } as const
  return {
    name,
    run: (argv, limits): Promise<ExecAnswer> => link.run(argv, place, limits),
    start: (argv, limits) => link.start(argv, place, limits),
    down: () => link.down(),
  }
}
