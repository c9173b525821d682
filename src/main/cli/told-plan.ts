/** What an operation would do, as a preview and a question to confirm tell it, in lines for people. */
import type { i18n } from 'i18next'
import { z } from 'zod'
import { factLines } from '#shared/locales/operation-words.ts'
import { OperationPreview } from '#shared/model/operation.ts'

const Line = z.looseObject({ text: z.string() })

export const Previewed = z.object({
  preview: z.looseObject({
    changes: z.array(Line),
    irreversible: z.array(Line),
    warnings: z.array(Line),
    refusals: z.array(Line),
    ...OperationPreview.pick({ databases: true, connections: true, services: true, lastTookMs: true }).shape,
  }),
  confirm: z.string().nullable(),
  plan: z.string(),
})
export type Previewed = z.infer<typeof Previewed>

/**
 * What it would do and what is said to have that done, under the headings of the screen. Why it is refused stands last,
 * where a terminal is read from. What is begun cannot be confirmed in spite of that; an operation that is there can be
 * given up whatever is in the way.
 */
export function planLines(
  translator: i18n,
  { preview, confirm, plan }: Pick<Previewed, 'preview' | 'confirm'> & { readonly plan: string | null },
  of: 'beginning' | 'act',
): string[] {
  const { t } = translator
  const { changes, irreversible, warnings, refusals } = preview
  const isRefused = refusals.length > 0
  const isConfirmed = confirm !== null && !(isRefused && of === 'beginning')
  return [
    ...under(t('operations.changes'), changes),
    ...under(t('operations.irreversible'), irreversible),
    ...under(t('operations.warnings'), warnings),
    ...factLines(translator, preview),
    ...(isConfirmed ? [t('confirm', { ns: 'cli', name: confirm })] : []),
    ...(plan === null || isRefused ? [] : [t('plan', { ns: 'cli', plan })]),
    ...under(t('operations.refusals'), refusals),
    ...(isRefused ? [t(of === 'beginning' ? 'not-begun' : 'not-taken-back', { ns: 'cli' })] : []),
  ]
}

/** Each line begins with a mark of its own: one may be longer than the terminal is wide. */
function under(heading: string, lines: readonly { readonly text: string }[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines.map(({ text }) => `  - ${text}`)]
}
