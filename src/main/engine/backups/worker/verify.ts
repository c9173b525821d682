/** Reads a backup back; with a `pg_restore` at the end of the deployment's SSH chain, where none that fits is here. */
import type { Clock } from '../../clock.ts'
import { readableFrom, type VerifyDependencies } from '../plain.ts'
import { type Verified, verifyBackup } from '../verify.ts'
import type { Ask } from './asking.ts'
import type { VerifyJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'

export async function verify(
  dependencies: VerifyDependencies & { readonly ask: Ask; readonly clock: Clock },
  { manifest, elsewhere }: VerifyJob,
): Promise<Verified> {
  // Somebody else's dump is read by ourselves.
  if (
    elsewhere === undefined ||
    manifest.foreign !== undefined ||
    (await fitsHere(dependencies, { manifest }))
  ) {
    return verifyBackup(dependencies, manifest)
  }
  const { ssh, wish, server } = elsewhere
  return overOwnWay(dependencies, ssh, async ({ there }) => {
    const away = there === null ? {} : { elsewhere: { there, wish, server } }
    return verifyBackup({ ...dependencies, ...away }, manifest)
  })
}

async function fitsHere(
  { tools }: Pick<VerifyDependencies, 'tools'>,
  { manifest }: Pick<VerifyJob, 'manifest'>,
): Promise<boolean> {
  const majors = manifest.parts
    .filter(({ content }) => content === 'database')
    .map((part) => readableFrom(manifest, part))
  return tools.fitting('pg_restore', Math.max(0, ...majors)).then(
    () => true,
    () => false,
  )
}
