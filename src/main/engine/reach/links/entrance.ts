/** The connection to an SSH server, before anything is said on it: over the way to it, or a program that stands for one. */
import type { Clock } from '../../clock.ts'
import type { Place } from '../failed.ts'
import type { Machine } from '../machine.ts'
import type { Limits } from '../reach.ts'
import type { OnStep, Way } from '../way.ts'
import { type ProxiedWire, runProxyCommand } from './proxy-command.ts'
import type { SshStop } from './stop.ts'

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
  const { proxyCommand } = stop
  if (proxyCommand !== null) {
    return runProxyCommand({ command: proxyCommand, place, machine, clock }, limits, onStep)
  }
  return { wire: await way.dial(stop, place, limits, onStep), explain: async (error) => error }
}
