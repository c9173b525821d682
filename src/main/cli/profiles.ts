/** Reads a file of YAML profiles for a command; one with a fault in it is refused as an import refuses it. */
import type { DeploymentProfile, ProfileIssue } from '#shared/model/profile/deployment.ts'
import { readProfiles } from '../engine/deployments/profile-yaml.ts'
import { readBoundedText } from '../engine/store/bounded-file.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { readInput } from './input.ts'
import type { Terminal } from './terminal.ts'

/** What an import takes, too. */
const PROFILE_MAX_BYTES = 1_000_000

/** @param path of the file, or `-` for standard input */
export async function profilesIn(path: string, terminal: Terminal): Promise<DeploymentProfile[]> {
  const { profiles, issues } = readProfiles(await contents(path, terminal))
  if (issues.length === 0) return profiles
  const name = path === '-' ? 'standard input' : path
  throw new CommandFailure(
    EXIT.inputRefused,
    [`${name} is refused:`, ...issues.map((issue) => `  ${where(name, issue)}`)].join('\n'),
    { data: { reason: 'profile-refused', issues } },
  )
}

function where(name: string, { line, path, message }: ProfileIssue): string {
  return [line === null ? name : `${name}:${line}`, path, message].filter((part) => part !== '').join(': ')
}

async function contents(path: string, terminal: Terminal): Promise<string> {
  if (path === '-') return readInput(terminal, { what: 'The profile', maxBytes: PROFILE_MAX_BYTES })
  try {
    return await readBoundedText(path, { maxBytes: PROFILE_MAX_BYTES, signal: terminal.signal })
  } catch (error) {
    terminal.signal.throwIfAborted()
    const because = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(EXIT.inputRefused, `${path}: the profile could not be read (${because}).`, {
      cause: error,
    })
  }
}
