/** Reads a file of YAML profiles for a command; one with a fault in it is refused as an import refuses it. */
import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import type { DeploymentProfile, ProfileIssue } from '#shared/model/deployment.ts'
import { readProfiles } from '../engine/deployments/profile-yaml.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

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
  try {
    return path === '-' ? await textOf(terminal.stdin) : await readFile(path, 'utf8')
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(EXIT.inputRefused, `${path}: the profile could not be read (${because}).`, {
      cause: error,
    })
  }
}
