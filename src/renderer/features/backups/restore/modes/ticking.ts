/** What is chosen of tables as they are ticked: a partitioned one stands for its partitions, which are then not chosen besides (decision 49). Pure. */
import type { ChosenTable, TableName } from './mode.ts'

export function keyOf({ schema, name }: TableName): string {
  return JSON.stringify([schema, name])
}

/** That of its partitioned tables which is chosen, and it with that; `null`: none is. @param chosen their keys */
export function chosenWith({ partOf }: ChosenTable, chosen: ReadonlySet<string>): TableName | null {
  return partOf.find((whole) => chosen.has(keyOf(whole))) ?? null
}

export function afterTick(
  chosen: readonly ChosenTable[],
  { schema, name, partOf }: ChosenTable,
  isTicked: boolean,
): ChosenTable[] {
  const key = keyOf({ schema, name })
  const others = chosen.filter((one) => keyOf(one) !== key)
  if (!isTicked) return others
  return [
    ...others.filter((one) => !one.partOf.some((whole) => keyOf(whole) === key)),
    { schema, name, partOf },
  ]
}
