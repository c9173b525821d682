import type { Table } from '../../postgres/snapshot.ts'

/** Whether others are that table. */
export function isOf(table: Table): (other: Table) => boolean {
  return ({ schema, name }) => schema === table.schema && name === table.name
}
