/** An operation as a console tells it, and in lines for people. */
import type { i18n } from 'i18next'
import { z } from 'zod'
import { comparedWords } from '#shared/locales/compared-words.ts'
import { stateWord } from '#shared/locales/operation-words.ts'
import { took } from '#shared/locales/quantity.ts'
import { actorText } from '#shared/locales/translate.ts'
import { Compared } from '#shared/model/compared.ts'
import { OperationProgress } from '#shared/model/operation.ts'

const Step = z.looseObject({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  endedAt: z.string().nullable(),
  tookMs: z.number().nullable(),
  error: z.looseObject({ text: z.string() }).nullable(),
})
type Step = z.infer<typeof Step>
const Far = z.looseObject(
  OperationProgress.pick({ phase: true, bytes: true, totalBytes: true, rate: true, secondsLeft: true }).shape,
)
/** Only what is said of it in words; the rest goes on as it is. */
export const ToldOperation = z.looseObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  deployment: z.string(),
  state: z.string(),
  heading: z.string(),
  undo: z.string(),
  actor: z.string(),
  createdAt: z.string(),
  steps: z.array(Step),
  progress: Far,
  error: z.looseObject({ text: z.string() }).nullable(),
  result: z.looseObject({}).nullable(),
  pause: z.looseObject({ text: z.string() }).nullable(),
})
export type ToldOperation = z.infer<typeof ToldOperation>
export const LoggedOperation = ToldOperation.extend({
  log: z.array(z.object({ at: z.string(), text: z.string() })),
})

export function inOneLine(
  translator: i18n,
  { id, state, title, deployment, actor, createdAt }: ToldOperation,
): string {
  const how = stateWord(translator, 'operations.state', state)
  return [id, how, title, deployment, actorText(translator, actor), createdAt].join('  ')
}

/** What a drill that worked compared; `null`: it is none, or it only read the backup back. */
export function comparedLine(translator: i18n, { kind, state, result }: ToldOperation): string | null {
  const counts = Compared.partial().safeParse(result).data
  if (kind !== 'drill' || state !== 'succeeded' || counts?.tables === undefined) return null
  return translator.t('compared', { ns: 'operations', what: comparedWords(translator, counts) })
}

export function stepLine(translator: i18n, step: Step): string {
  return `  ${stateWord(translator, 'operations.step', step.state)}  ${step.title}${lasted(translator, step)}`
}

function lasted({ t, language }: i18n, { endedAt, tookMs }: Step): string {
  return endedAt === null || tookMs === null ? '' : `  ${took(language, t, tookMs)}`
}
