/** What is wrong with what a command asked the console for, by the names that the command line has for it. */
import type { i18n } from 'i18next'
import { z } from 'zod'
import { CommandFailure } from './exit-codes.ts'

/** What the command line calls a field of what is asked; fields within go by the same name. */
export type FieldNames = Readonly<Record<string, string>>

/** Of what every operation is begun with. */
const EVERY: FieldNames = {
  ...{ kind: 'KIND', deployment: 'DEPLOYMENT', takeOver: '--take-over' },
  ...{ confirm: '--confirm', plan: '--plan', reason: '--reason' },
}

const Issues = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })).min(1) })

/**
 * The same failure in words that name options and operands. What scripts get stays as the console has it.
 * @param names of the operation's own options, by their path within these
 */
export function withFieldNames(error: CommandFailure, names: FieldNames, { t }: i18n): CommandFailure {
  const { exitCode, code, status, data } = error
  const told = Issues.safeParse(data)
  if (code !== 'BAD_REQUEST' || !told.success) return error
  const detail = told.data.issues
    .map(({ path, message }) => (path === '' ? message : `${nameOf(path, names)}: ${message}`))
    .join('; ')
  const message = t('bad-request', { ns: 'errors', detail })
  return new CommandFailure(exitCode, message, { code, status, data, cause: error })
}

function nameOf(path: string, names: FieldNames): string {
  const [, within] = /^options\.(.+)$/.exec(path) ?? []
  if (within === undefined) return named(path, EVERY) ?? path
  return named(within, names) ?? `--options (${within})`
}

function named(path: string, names: FieldNames): string | undefined {
  return Object.entries(names).find(
    ([field]) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  )?.[1]
}
