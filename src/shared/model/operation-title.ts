/** What an operation is called: by its kind, and where that does several things by which of them was asked for. */
import type { Operation, OperationKind } from './operation.ts'

/** By the mode of a restore. */
const RESTORES = {
  ...{ 'in-place': 'restore-in-place', tables: 'restore-tables' },
  ...{ elsewhere: 'restore-elsewhere', keep: 'restore-keep' },
} as const
type Mode = keyof typeof RESTORES

export type OperationTitle = OperationKind | (typeof RESTORES)[Mode] | 'drill-verify'

/** `kind-TITLE` in `locales/<language>/operations.ts` has the words, and `did-TITLE` in `events.ts`. */
export function titleOf({ kind, options }: Pick<Operation, 'kind' | 'options'>): OperationTitle {
  if (kind === 'drill' && options.verifyOnly === true) return 'drill-verify'
  if (kind === 'restore' && isMode(options.mode)) return RESTORES[options.mode]
  return kind
}

function isMode(mode: unknown): mode is Mode {
  return typeof mode === 'string' && Object.hasOwn(RESTORES, mode)
}
