/**
 * Escalation: whom an alert goes to that nobody acknowledges, and when. The messages of these schemas are keys of
 * `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { Name } from './profile/fields.ts'
import { WindowMatchers } from './window.ts'

/** Whom a step reaches. `watch`: whoever has the watch of a rota at that moment; `next`: whoever takes it after them. */
export const EscalationTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel'), channel: Name }),
  z.strictObject({ kind: z.literal('watch'), rota: Name }),
  z.strictObject({ kind: z.literal('next'), rota: Name }),
])
export type EscalationTarget = z.infer<typeof EscalationTarget>

export const EscalationStep = z.strictObject({
  /** After the incident was told, if nobody acknowledged it by then; 0: with the first message. */
  afterMinutes: z.number().int().min(0).max(1_440),
  to: z.array(EscalationTarget).min(1, 'step-reaches-nobody').max(20),
  /** With the highest priority that a channel has. */
  louder: z.boolean().default(false),
})
export type EscalationStep = z.infer<typeof EscalationStep>

export const EscalationPolicy = z.strictObject({
  name: Name,
  enabled: z.boolean().default(true),
  /** The alerts that it is for; of several that fit, the first by name. */
  matchers: WindowMatchers,
  steps: z
    .array(EscalationStep)
    .min(1, 'policy-no-steps')
    .max(10)
    .superRefine((steps, context) => {
      steps.forEach((step, index) => {
        const before = steps[index - 1]
        if (before === undefined || step.afterMinutes > before.afterMinutes) return
        context.addIssue({ code: 'custom', path: [index, 'afterMinutes'], message: 'steps-ascend' })
      })
    }),
})
export type EscalationPolicy = z.infer<typeof EscalationPolicy>

/** What is said of a step that was taken. */
export const EscalationTaken = z.object({
  policy: z.string(),
  /** Counted from 1. */
  step: z.number(),
  of: z.number(),
  afterMinutes: z.number(),
  /** People and channels, by their names; none: nobody could be found, and it went to every channel. */
  to: z.array(z.string()),
  louder: z.boolean(),
})
export type EscalationTaken = z.infer<typeof EscalationTaken>
