/** The deployments that the console knows: their profiles, whether they are paused, and how they come and go. */
import type { DeploymentProfile, ProfileIssue } from '#shared/model/profile/deployment.ts'

export interface Deployment {
  readonly profile: DeploymentProfile
  readonly paused: boolean
}

/** A profile that is refused, with every fault's path, line and what was expected. */
export class ProfileRefused extends Error {
  readonly issues: ProfileIssue[]
  constructor(issues: ProfileIssue[]) {
    super(
      issues
        .map(({ path, line, message }) => `${line === null ? '' : `line ${line}: `}${path}: ${message}`)
        .join('\n'),
    )
    this.name = 'ProfileRefused'
    this.issues = issues
  }
}

export interface Deployments {
  /** By name. */
  list(): Deployment[]
  get(name: string): Deployment | null
  /** Parses and saves one; `replaces` names the one that it takes the place of. Throws `ProfileRefused`. */
  save(profile: unknown, replaces: string | null): Promise<DeploymentProfile>
  /** Whether there was one. */
  remove(name: string): Promise<boolean>
  setPaused(name: string, paused: boolean): Promise<void>
  /** One or more YAML documents; all or none. Throws `ProfileRefused`. */
  importYaml(text: string): Promise<DeploymentProfile[]>
  /** Resolves when every edit that was asked for by now is made, or refused. */
  settled(): Promise<void>
  onEdit(listener: (name: string, deployment: Deployment | null) => void): () => void
}
