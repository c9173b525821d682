/** Drills of a deployment's backups on the servers of others. Pure. */

/** One is an operation of the deployment whose server it is. */
interface Done {
  readonly deployment: string
  readonly options: Readonly<Record<string, unknown>>
}

/** What is chosen is one that there is: the profile may name one that is gone. `''`: none. */
export function targetAmong(chosen: string, names: readonly string[]): string {
  return names.includes(chosen) ? chosen : ''
}

export function drillsElsewhere<One extends Done>(drills: readonly One[], deployment: string): One[] {
  return drills.filter((one) => one.deployment !== deployment && one.options.from === deployment)
}
