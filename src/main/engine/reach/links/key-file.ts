/** Whether the file of a private key is its owner's alone: ssh uses no other (`sshkey_perm_ok` of OpenSSH's authfile.c). */
import { stat } from 'node:fs/promises'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { failed, type Place } from '../failed.ts'
import { shellCommand } from '../host/quote.ts'
import type { Machine } from '../machine.ts'
import type { ReachError } from '../reach.ts'
import { expandTilde } from './config/machine-paths.ts'

const OF_OTHERS = 0o077

export interface FileOwner {
  readonly uid: number
  readonly mode: number
}

/**
 * Others may read, write or run it. That of another user is not judged, as by ssh: who gave it to us chose who may read it.
 * @param user who asks; `undefined` on Windows, where modes say nothing
 */
export function isUnprotected({ uid, mode }: FileOwner, user: number | undefined): boolean {
  return uid === user && (mode & OF_OTHERS) !== 0
}

/** What is wrong with a private key that lies open, waiting for a person; `null` where it does not, or is in no file. */
export async function unprotected(
  key: SecretReference,
  machine: Machine,
  place: Place,
): Promise<ReachError | null> {
  if (!key.startsWith('file:')) return null
  const written = key.slice('file:'.length)
  const file = expandTilde(written, machine) ?? written
  const stats = await stat(file).catch(() => null)
  if (stats === null || !isUnprotected(stats, process.getuid?.())) return null
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0')
  const command = shellCommand(['chmod', '600', file])
  return failed(place, 'ssh-authentication', 'key-unprotected', { file, mode, command })
}
