/** The roles of the server that a backup is of, as its globals say them. */
import { BackupError } from './backup-error.ts'
import type { Manifest } from './manifest.ts'
import { plainOf, type VerifyDependencies } from './plain.ts'
import { type GlobalRole, globalRolesOf } from './postgres/global-roles.ts'

/** Tens of thousands of roles. */
const LONGEST_GLOBALS_BYTES = 16 * 1024 * 1024

/** @returns `null`: the backup is without them @throws BackupError `contents-unreadable` of globals that are longer than any */
export async function rolesOf(
  dependencies: Omit<VerifyDependencies, 'tools'>,
  manifest: Manifest,
): Promise<GlobalRole[] | null> {
  const part = manifest.parts.find(({ content }) => content === 'globals')
  if (part === undefined) return null
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of plainOf(dependencies, manifest, part)) {
    bytes += piece.length
    if (bytes > LONGEST_GLOBALS_BYTES) {
      const { program, version } = part.tool
      const words = `> ${LONGEST_GLOBALS_BYTES} bytes`
      throw new BackupError('contents-unreadable', { file: part.file, program, version, words })
    }
    pieces.push(piece)
  }
  return globalRolesOf(Buffer.concat(pieces).toString('utf8'))
}
