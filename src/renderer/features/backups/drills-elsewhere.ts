/** Drills of a deployment's backups on the servers of others: they are operations of those. Pure. */

interface Done {
  readonly deployment: string
  readonly options: Readonly<Record<string, unknown>>
}

export function drillsElsewhere<One extends Done>(drills: readonly One[], deployment: string): One[] {
  return drills.filter((one) => one.deployment !== deployment && one.options.from === deployment)
}
