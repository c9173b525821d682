/** The connection to an SSH server, before anything is said on it: over the way to it, or a program that stands for one. */
import { type FailureCode, isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { Place } from '../failed.ts'
import type { Machine } from '../machine.ts'
import { type Limits, ReachError } from '../reach.ts'
import type { OnStep, Way } from '../way.ts'
import { type ProxiedWire, runProxyCommand } from './proxy-command.ts'
import type { SshStop } from './stop.ts'

const UNNAMED: FailureCode = 'ssh-alias-unnamed'

/** Throws a `ReachError`. Its `explain` belongs around the handshake: a program says late, and elsewhere, what went wrong. */
export async function enter(
  {
    stop,
    way,
    place,
    machine,
    clock,
  }: {
    stop: SshStop
    way: Way
    place: Place
    machine: Machine
    clock: Clock
  },
  limits: Limits,
  onStep?: OnStep,
): Promise<ProxiedWire> {
  const { proxyCommand, alias, unnamedIn } = stop
  if (proxyCommand !== null) {
    return runProxyCommand({ command: proxyCommand, place, machine, clock }, limits, onStep)
  }
  const wire = await way.dial(stop, place, limits, onStep).catch((error: unknown) => {
    throw unnamedIn === null ? error : withoutAddress(error, alias ?? stop.host, unnamedIn)
  })
  return { wire, explain: async (error) => error }
}

/** An alias that nobody knows an address for is likely a mistake in it, or in the configuration that was to name it. */
function withoutAddress(error: unknown, alias: string, files: readonly string[]): unknown {
  if (!(error instanceof ReachError)) return error
  const { failure } = error
  if (!isFailure(failure, 'host-unknown', 'resolver-silent', 'forward-host-unknown')) return error
  const params = { ...failure.params, alias, files: files.join(', '), besides: UNNAMED }
  return new ReachError({ ...failure, params }, { cause: error })
}
