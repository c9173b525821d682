/** What of a deployment runs as a container or as a unit of systemd: what the profile names as a log says where. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'

export interface RunPlace {
  /** As the profile names it. */
  readonly name: string
  /** Which machine it is on. */
  readonly over: string
  readonly what: /** `user`: of the user who looks. */
    | { readonly kind: 'unit'; readonly unit: string; readonly user?: boolean }
    | { readonly kind: 'container'; readonly container: string }
    | {
        readonly kind: 'compose'
        /** Which label of its containers names the project. */
        readonly label: 'project' | 'project.working_dir'
        readonly project: string
        readonly service: string
      }
}

/** By machine; a file is nothing that runs, and a pattern of units is not one of them. */
export function placesOf(profile: DeploymentProfile): Map<string, RunPlace[]> {
  const places = profile.logs.flatMap(({ name, over, journal, container, compose }): RunPlace[] => {
    if (container !== undefined) return [{ name, over, what: { kind: 'container', container } }]
    if (journal !== undefined) {
      return /[*?[]/.test(journal) ? [] : [{ name, over, what: { kind: 'unit', unit: journal } }]
    }
    if (compose === undefined) return []
    const { project, directory, service } = compose
    const of =
      project === undefined
        ? { label: 'project.working_dir' as const, project: directory ?? '' }
        : { label: 'project' as const, project }
    return [{ name, over, what: { kind: 'compose', ...of, service } }]
  })
  return Map.groupBy(places, ({ over }) => over)
}
