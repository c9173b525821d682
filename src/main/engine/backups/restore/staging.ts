/** Where what is restored is staged, and by how many sessions at once it is restored from there. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { stagingOfRestore } from '../staging/plan.ts'
import { oneAtATime, type Staging } from '../staging/stage.ts'
import { restorerOf } from '../worker/part-of.ts'
import { isSaid } from '../worker/restore.ts'
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

/** What a plan says of it. @param version `server_version_num` of where it goes: a program that is newer than that may restore by one session only */
export async function stagingOn(
  ...[dependencies, profile, source, version]: [...Parameters<typeof stagingFor>, version: number]
): Promise<Staging | null> {
  const { backup, part } = source
  const major = Math.floor(version / 10_000)
  // That there is none is told by itself.
  const tool = await restorerOf(dependencies.making.tools, backup.manifest, part, major).catch(() => null)
  const of = tool !== null && isSaid(tool, { major }) ? stagingOfOne : stagingFor
  return of(dependencies, profile, source)
}

/** As a job is given it. */
export function staging(one: Staging | null): { readonly staging?: Staging } {
  return one === null ? {} : { staging: one }
}

/** Sessions of ours besides the watch's, at most at a time: those of `pg_restore` stand for the one that would restore alone. */
export function sessionsWith(alone: number, one: Staging | null): number {
  return alone + (one === null ? 0 : one.jobs - 1)
}
