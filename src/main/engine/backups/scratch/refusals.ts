/** Why a backup would not be tried on a server: asked for the plan, and again before anything is made there. */
import type { Reason } from '#shared/model/reason.ts'
import type { Subject } from '../../operations/kind.ts'
import { programRefusals } from '../restore/programs.ts'
import { type FoundThere, judgeThere, unique } from './preflight.ts'
import { isSafePlace, type ReadBackup, type ScratchDependencies } from './reading.ts'
import type { ThereOptions } from './steps.ts'

/** Empty: it would. */
export async function refusalsThere(
  dependencies: ScratchDependencies,
  { options, profile }: Pick<Subject<ThereOptions>, 'options' | 'profile'>,
  { backup, databases }: ReadBackup,
  found: FoundThere,
): Promise<Reason[]> {
  const { from, another = false } = options
  const isSafe = isSafePlace(dependencies, from, profile)
  const refusals = judgeThere(found, backup, { another, isSafe, target: profile.name })
  for (const { part } of databases)
    refusals.push(
      ...(await programRefusals({ making: dependencies }, { backup, part }, found.server.version)),
    )
  return unique(refusals)
}
