/** Operations: what is done to a deployment, previewed, confirmed, taken up again, taken back. */
import { z } from 'zod'
import {
  Operation,
  OperationKind,
  OperationPreview,
  OperationProgress,
  OperationRequest,
  OperationState,
  OperationStep,
  PlannedStep,
} from '#shared/model/operation.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { SpokenReason } from './deployments.ts'
import { administers, listOf, Moment, procedure, reads } from './procedure.ts'

export const MOST_OPERATIONS_LISTED = 200

const operates = () => procedure({ role: 'OPERATOR', effect: 'writes' })

const Id = z.string().max(100)
/** What went wrong, in words; `code` is of `operations`, or of `failures` where something was not reached. */
const SpokenError = SpokenReason.nullable()

const StepOut = OperationStep.omit({ error: true, ranMs: true, undoMs: true, underWay: true }).extend({
  /** What it does, in words. */
  title: z.string(),
  startedAt: Moment.nullable(),
  endedAt: Moment.nullable(),
  /** How long it ran, milliseconds, without what runs just now and what passed while nobody worked at it; `null`: it never did. */
  tookMs: z.number().nullable(),
  /** Since when it runs without a break; `null`: it does not. */
  runningSince: Moment.nullable(),
  error: SpokenError,
})

export const OperationOut = Operation.omit({ error: true, steps: true, willPause: true }).extend({
  /** What its kind is called. */
  title: z.string(),
  /** That somebody wants it to pause, and when it will; `null`: nobody does, or it waits by now. `resume` takes the wish back. */
  pause: SpokenReason.nullable(),
  steps: z.array(StepOut),
  progress: OperationProgress.extend({ heldSince: Moment.nullable() }),
  createdAt: Moment,
  startedAt: Moment.nullable(),
  endedAt: Moment.nullable(),
  /** How long its steps were worked at, milliseconds, on the way back, too; `null`: nothing was. */
  tookMs: z.number().nullable(),
  error: SpokenError,
})
export type OperationOut = z.infer<typeof OperationOut>

const act = (path: string, summary: string) =>
  operates()
    .route({
      ...{ method: 'POST', path: `/operations/{id}/${path}`, successStatus: 202 },
      ...{ tags: ['operations'], summary },
    })
    .output(OperationOut)

/** As long as anybody's names of requests are. */
export const LONGEST_KEY = 200

const ById = z.object({ id: Id })
/** The operation that another console left at the target, and that is gone on in spite of. */
const takeOver = Id.optional()
const Confirmed = ById.extend({
  /** The deployment's name, as for the operation itself. */
  confirm: z.string().max(200).optional(),
  /** The plan that its preview, or the question to confirm, came with: where it is another one by now, that is shown and nothing is done. */
  plan: z.string().max(100).optional(),
  /** Why: kept in its log and in the audit. */
  reason: z.string().trim().min(1).max(500).optional(),
  takeOver,
})

const GivenUp = Confirmed.extend({
  /** As it is: nothing is looked at or taken back, for a target that is gone for good. */
  leave: z.boolean().optional(),
})

const Several = <T extends z.ZodType<string>>(one: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    z.array(one).max(20).optional(),
  )

export const SpokenPreview = OperationPreview.extend({
  /** Each with what it does, in words. */
  steps: z.array(PlannedStep.extend({ title: z.string() })),
  changes: z.array(SpokenReason),
  irreversible: z.array(SpokenReason),
  warnings: z.array(SpokenReason),
  refusals: z.array(SpokenReason),
})

export type SpokenPreview = z.infer<typeof SpokenPreview>

const Shown = z.object({
  preview: SpokenPreview,
  /** What has to be typed to confirm it; `null`: nothing. */
  confirm: z.string().nullable(),
  /** Sent back with the request, it is done only as long as it is still what is shown here. */
  plan: z.string(),
})

export const operations = {
  list: reads()
    .route({
      ...{ method: 'GET', path: '/operations', tags: ['operations'] },
      summary: 'Running and past operations, newest first',
    })
    .input(
      z.object({
        deployment: Name.optional(),
        /** `succeeded,failed`: these alone. */
        state: Several(OperationState),
        kind: Several(OperationKind),
        limit: z.coerce.number().int().min(1).max(MOST_OPERATIONS_LISTED).default(50),
        cursor: z
          .string()
          .regex(/^\d{1,16}$/, 'expected the nextCursor of an answer')
          .optional(),
      }),
    )
    .output(listOf(OperationOut)),
  get: reads()
    .route({
      method: 'GET',
      path: '/operations/{id}',
      tags: ['operations'],
      summary: 'One operation, with its log',
    })
    .input(ById)
    .output(
      OperationOut.extend({
        log: z.array(z.object({ at: Moment, step: z.string().nullable(), text: z.string() })),
      }),
    ),
  // What would happen is looked at with the rights of whoever would do it.
  preview: procedure({ role: 'OPERATOR', effect: 'reads' })
    .route({
      ...{ method: 'POST', path: '/operations/preview', tags: ['operations'] },
      summary: 'What an operation would do; nothing is done',
    })
    .input(OperationRequest)
    .output(Shown),
  start: operates()
    .route({
      ...{ method: 'POST', path: '/operations', successStatus: 202, tags: ['operations'] },
      summary: 'Begin an operation; `Idempotency-Key` makes the same request one, however often it is made',
    })
    .input(
      OperationRequest.extend({
        /** For who has no headers: what `Idempotency-Key` is over REST. */
        idempotencyKey: z.string().min(1).max(LONGEST_KEY).optional(),
      }),
    )
    .output(OperationOut),
  previewAct: procedure({ role: 'OPERATOR', effect: 'reads' })
    .route({
      ...{ method: 'POST', path: '/operations/{id}/preview', tags: ['operations'] },
      summary: 'What going on with it, giving it up, or taking it back would do; nothing is done',
    })
    .input(
      ById.extend({
        act: z.enum(['cancel', 'resume', 'undo']),
        /** Of `cancel`: it would be given up as it is. */
        leave: z.boolean().default(false),
      }),
    )
    .output(Shown),
  cancel: act('cancel', 'Give it up: what was done is taken back').input(GivenUp),
  pause: act('pause', 'Let it wait: after the step that runs, or within it where that can be').input(ById),
  resume: act(
    'resume',
    'Go on where it waited or was cut off; of one that is to pause, that it is not to',
  ).input(Confirmed),
  undo: act('undo', 'Take back what it did').input(Confirmed),
  settings: reads()
    .route({
      ...{ method: 'GET', path: '/settings/operations', tags: ['operations'] },
      summary: 'Whether this console may change anything',
    })
    .output(z.object({ readOnly: z.boolean() })),
  configure: administers()
    .route({
      ...{ method: 'PUT', path: '/settings/operations', tags: ['operations'] },
      summary: 'Let this console change nothing, or let it again',
    })
    .input(z.object({ readOnly: z.boolean() }))
    .output(z.object({ readOnly: z.boolean() })),
}
