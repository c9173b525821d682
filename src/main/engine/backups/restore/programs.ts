/** Whether this machine has a program that restores a backup there: known before anything is touched, and not when all else is done. */
import type { Reason } from '#shared/model/reason.ts'
import { reasonWhy } from '../kinds/words.ts'
import { restorerOf } from '../worker/part-of.ts'
import type { RestoreDependencies } from './kind.ts'
import type { Source } from './source.ts'

/** @param version `server_version_num` of where it is restored to */
export async function programRefusals(
  { making: { tools } }: Pick<RestoreDependencies, 'making'>,
  { backup: { manifest }, part }: Pick<Source, 'backup' | 'part'>,
  version: number,
): Promise<Reason[]> {
  // What others made is said to the server by ourselves.
  if (manifest.foreign !== undefined) return []
  const why = await reasonWhy(() => restorerOf(tools, manifest, part, Math.floor(version / 10_000)))
  return why === null ? [] : [why]
}
