/** Operations, in words and moments. */
import type { Language } from '#shared/locales/languages.ts'
import { operationErrorText, operationText } from '#shared/locales/translate.ts'
import type { Operation, OperationError, OperationPreview } from '#shared/model/operation.ts'
import { titleOf } from '#shared/model/operation-title.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Engine } from '../engine/engine.ts'
import { OPERATION_ACTS } from '../engine/operations/operations.ts'
import { pauseOf } from '../engine/operations/pausing.ts'
import { ranFor, workedFor } from '../engine/operations/record.ts'
import type { Procedures } from './procedures.ts'
import { moment, momentOrNull, translatorOf } from './speech.ts'

const NEVER = new AbortController().signal

export function implementOperations({ operations: declared }: Procedures, engine: Engine) {
  const { operations } = engine
  const [cancel, pause, resume, undo] = OPERATION_ACTS

  return {
    list: declared.list.handler(async ({ input, context: { language } }) => {
      const { deployment = null, kind = null, state = null, limit, cursor } = input
      const before = cursor === undefined ? null : Number(cursor)
      const page = await operations.list({ deployment, kinds: kind, states: state, before, limit })
      return {
        items: page.operations.map((one) => speakOperation(language, one)),
        nextCursor: page.next === null ? null : String(page.next),
      }
    }),
    get: declared.get.handler(async ({ input: { id }, context: { language } }) => {
      const [operation, log] = await Promise.all([operations.get(id), operations.log(id)])
      return {
        ...speakOperation(language, operation),
        log: log.map(({ at, step, reason }) => {
          return { at: moment(at), step, text: operationText(translatorOf(language), reason) }
        }),
      }
    }),
    preview: declared.preview.handler(async ({ input, context: { actor, language }, signal = NEVER }) => {
      const { preview, confirm, plan } = await operations.preview(input, actor, signal)
      return { preview: speakPreview(language, preview), confirm, plan }
    }),
    start: declared.start.handler(async ({ input, context, signal = NEVER }) => {
      const { actor, language, onCreated } = context
      const { idempotencyKey: named, ...request } = input
      const key = context.idempotencyKey ?? named ?? null
      const operation = await operations.start(request, actor, key, signal)
      onCreated?.(`/operations/${operation.id}`)
      return speakOperation(language, operation)
    }),
    previewAct: declared.previewAct.handler(
      async ({ input: { id, act, leave }, context: { actor, language }, signal = NEVER }) => {
        const { preview, confirm, plan } = await operations.previewAct(id, act, leave, actor, signal)
        return { preview: speakPreview(language, preview), confirm, plan }
      },
    ),
    cancel: declared.cancel.handler(
      async ({ input: { id, confirm = null, ...how }, context: { actor, language }, signal = NEVER }) =>
        speakOperation(language, await operations.act(id, cancel, actor, { confirm, ...how }, signal)),
    ),
    pause: declared.pause.handler(async ({ input: { id }, context: { actor, language } }) =>
      speakOperation(language, await operations.act(id, pause, actor, { confirm: null }, NEVER)),
    ),
    resume: declared.resume.handler(
      async ({ input: { id, confirm = null, ...why }, context: { actor, language }, signal = NEVER }) =>
        speakOperation(language, await operations.act(id, resume, actor, { confirm, ...why }, signal)),
    ),
    undo: declared.undo.handler(
      async ({ input: { id, confirm = null, ...why }, context: { actor, language }, signal = NEVER }) =>
        speakOperation(language, await operations.act(id, undo, actor, { confirm, ...why }, signal)),
    ),
    settings: declared.settings.handler(() => operations.settings()),
    configure: declared.configure.handler(async ({ input }) => {
      await operations.configure(input)
      return operations.settings()
    }),
  }
}

export function speakOperation(language: Language, operation: Operation) {
  const { willPause: _, ...plain } = operation
  const { steps, progress, createdAt, startedAt, endedAt, error } = plain
  const pause = pauseOf(operation)
  return {
    ...plain,
    pause: pause === null ? null : speakLine(language, pause),
    title: operationText(translatorOf(language), { code: `kind-${titleOf(operation)}`, params: {} }),
    progress: { ...progress, heldSince: momentOrNull(progress.heldSince) },
    createdAt: moment(createdAt),
    startedAt: momentOrNull(startedAt),
    endedAt: momentOrNull(endedAt),
    tookMs: workedFor(steps),
    error: speakError(language, error),
    steps: steps.map(({ ranMs, undoMs: _, underWay, ...step }) => ({
      ...step,
      title: stepTitle(language, step.id),
      startedAt: momentOrNull(step.startedAt),
      endedAt: momentOrNull(step.endedAt),
      tookMs: ranFor({ ...step, ranMs }),
      runningSince: momentOrNull(underWay?.work === 'run' ? underWay.since : null),
      error: speakError(language, step.error),
    })),
  }
}

function stepTitle(language: Language, id: string): string {
  return operationText(translatorOf(language), { code: `step-${id}`, params: {} })
}

function speakError(language: Language, error: OperationError | null) {
  if (error === null) return null
  const text = operationErrorText(translatorOf(language), error)
  const { code, params } = 'failure' in error ? error.failure : error
  return { code, params, text }
}

export function speakPreview(language: Language, preview: OperationPreview) {
  const spoken = (reasons: readonly Reason[]) => reasons.map((reason) => speakLine(language, reason))
  const { changes, irreversible, warnings, refusals, steps } = preview
  return {
    ...preview,
    steps: steps.map((step) => ({ ...step, title: stepTitle(language, step.id) })),
    ...{ changes: spoken(changes), irreversible: spoken(irreversible) },
    ...{ warnings: spoken(warnings), refusals: spoken(refusals) },
  }
}

export function speakLine(language: Language, reason: Reason) {
  return { ...reason, text: operationText(translatorOf(language), reason) }
}
