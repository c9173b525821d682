/** Whether tables that are not there any more can be made as they were, and what of them would not come back. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { ForeignKeyThen, TableDefinition } from '../../postgres/table-definitions.ts'
import { isOf } from './is-of.ts'
import { inWordsOf, type MissingFound, sequencesThere } from './missing.ts'
import { inWords } from './names.ts'

/** Why this one would not be made; empty: it would. @param user who operates @param chosen all that are restored */
export function judgeMissing(
  found: MissingFound,
  table: Table,
  { user, chosen }: { readonly user: string; readonly chosen: readonly Table[] },
): Reason[] {
  const params = { table: inWords(table) }
  const definition = found.definitions.tables.find(isOf(table))
  if (definition === undefined) return [{ code: 'restore-tables-undefined', params }]
  const { kind, owner, schema, partition } = definition
  if (kind === 'inherits') return [{ code: 'restore-tables-inherits', params }]
  if (kind === 'ruled') return [{ code: 'restore-tables-rules', params }]
  // Those that are a table's own come with it, also for partitions of it that count on them.
  const sequences = found.definitions.tables.flatMap((one) => one.sequences)
  const comes = (type: string, name: Table) =>
    (type === 'TABLE' && chosen.some(isOf(name))) || (type === 'SEQUENCE' && sequences.some(isOf(name)))
  const lacking = definition.needs
    .filter((need) => found.lacking.some((one) => inWordsOf(one) === inWordsOf(need)))
    .filter(({ type, schema: of, name }) => !comes(type, { schema: of ?? '', name }))
  const kept = sequencesThere(definition, found)
  const taken = [
    ...definition.indexes.map((name) => ({ schema, name })),
    ...definition.sequences,
    { schema, name: table.name },
  ].filter((name) => found.taken.some(isOf(name)) && !kept.some(isOf(name)))
  const without = [owner, ...definition.roles].filter((role) => !found.roles.includes(role))
  const parent = partition === null ? undefined : found.parents.find(isOf(partition.parent))
  const ownerLacks =
    definition.ownerNeeds.length === 0 ? [] : found.ownersLack.filter((one) => one.owner === owner)
  const reasons: (Reason | false)[] = [
    definition.unknown.length > 0 && {
      code: 'restore-tables-unknown',
      params: { ...params, statement: shown(definition.unknown[0] ?? '') },
    },
    lacking.length > 0 && {
      code: 'restore-tables-lacks',
      params: { ...params, things: lacking.map(inWordsOf).join(', ') },
    },
    taken.length > 0 && {
      code: 'restore-tables-taken',
      params: { ...params, names: taken.map(inWords).join(', ') },
    },
    without.length > 0 && {
      code: 'restore-roles-missing',
      params: { roles: [...new Set(without)].join(', ') },
    },
    !found.createsRoles && { code: 'restore-tables-no-roles', params: { ...params, user } },
    without.length === 0 &&
      !found.superuser &&
      !found.ours.includes(owner) && { code: 'restore-tables-not-owner', params: { ...params, owner } },
    parent !== undefined &&
      !found.plain.includes(parent.oid) && {
        code: 'restore-tables-no-parent',
        params: { ...params, parent: inWords(parent) },
      },
    parent !== undefined &&
      !parent.owned && {
        code: 'restore-tables-not-owner',
        params: { table: inWords(parent), owner: parent.owner },
      },
    ownerLacks.length > 0 && {
      code: 'restore-tables-owner-cannot-say',
      params: {
        ...{ ...params, owner },
        grants: ownerLacks.map(({ grant }) => `GRANT ${grant} TO "${owner}";`).join(' '),
      },
    },
    ...found.closed
      .filter((one) => one.schema === schema && (one.role === owner || one.role === user))
      .map(({ role }) => ({ code: 'restore-tables-schema-closed', params: { ...params, schema, role } })),
  ]
  return reasons.filter((one) => one !== false)
}

const SHOWN_CHARACTERS = 160

function shown(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').slice(0, SHOWN_CHARACTERS)
}

export interface KeyAgain {
  readonly key: ForeignKeyThen
  /** Why it cannot be made; `null`: it is tried. */
  readonly not:
    | 'restore-tables-key-not-owner'
    | 'restore-tables-key-columns'
    | 'restore-tables-key-taken'
    | null
}

/** Foreign keys to what is made, of tables that are there. */
export function keysAgain({ definitions, referring, constraints }: MissingFound): KeyAgain[] {
  return definitions.inbound.flatMap((key): KeyAgain[] => {
    const from = referring.find(isOf(key.from))
    if (from === undefined) return []
    const hasColumns = key.columns.every((column) => from.columns.some(({ name }) => name === column.from))
    const isTaken = constraints.some((one) => isOf(key.from)(one) && one.constraint === key.name)
    const not = !from.owned
      ? ('restore-tables-key-not-owner' as const)
      : !hasColumns
        ? ('restore-tables-key-columns' as const)
        : isTaken
          ? ('restore-tables-key-taken' as const)
          : null
    return [{ key, not }]
  })
}

/** Grants to roles that are not there. */
export function grantsLeftOut({ grants }: TableDefinition, { roles }: MissingFound): string[] {
  return [...new Set(grants.map(({ role }) => role).filter((role) => role !== '' && !roles.includes(role)))]
}

/** The tables besides that are locked for it: what refers to them, what they refer to, and what they are partitions of. */
export function besidesMissing(found: MissingFound): Table[] {
  const referring = keysAgain(found).flatMap(({ key, not }) => (not === null ? [key.from] : []))
  // Whoever may only refer to a table may not lock it: there it is waited for within the transaction.
  const others = [...found.referred, ...found.parents].filter(({ owned }) => owned)
  return [...referring, ...others.map(({ schema, name }) => ({ schema, name }))]
}
