/** What is done with a deployment's backups on the servers of others: drills, and restores. Pure. */

/** One is an operation of the deployment whose server it is. */
interface Done {
  readonly deployment: string
  readonly options: Readonly<Record<string, unknown>>
}

/** What is chosen is one that there is: the profile may name one that is gone. `''`: none. */
export function targetAmong(chosen: string, names: readonly string[]): string {
  return names.includes(chosen) ? chosen : ''
}

export function workElsewhere<One extends Done>(done: readonly One[], deployment: string): One[] {
  return done.filter((one) => one.deployment !== deployment && one.options.from === deployment)
}
