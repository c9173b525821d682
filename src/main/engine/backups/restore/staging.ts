/** Where what is restored is staged, and by how many sessions at once it is restored from there. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { stagingOfRestore } from '../staging/plan.ts'
import { oneAtATime, type Staging } from '../staging/stage.ts'
import type { RestoreDependencies } from './kind.ts'
import type { Source } from './source.ts'

/** @param profile of where it goes. `null`: it streams */
export function stagingFor(
  { making: { stagingDirectory } }: Pick<RestoreDependencies, 'making'>,
  { backups }: Pick<DeploymentProfile, 'backups'>,
  { backup: { manifest }, part }: Pick<Source, 'backup' | 'part'>,
): Staging | null {
  // What others made is said to the server as it streams.
  return manifest.foreign === undefined ? stagingOfRestore(backups, part, stagingDirectory) : null
}

/** The same where one session says it to the server: what could stream does. */
export function stagingOfOne(...asked: Parameters<typeof stagingFor>): Staging | null {
  const staging = stagingFor(...asked)
  const [, , { part }] = asked
  return staging === null || part.directory === undefined ? null : oneAtATime({ staging })
}

/** As a job is given it. */
export function staging(one: Staging | null): { readonly staging?: Staging } {
  return one === null ? {} : { staging: one }
}

/** Sessions of ours besides the watch's, at most at a time: those of `pg_restore` stand for the one that would restore alone. */
export function sessionsWith(alone: number, one: Staging | null): number {
  return alone + (one === null ? 0 : one.jobs - 1)
}
