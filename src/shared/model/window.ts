/** A maintenance window: what is kept quiet by a schedule. While it is in force there is a silence of it. */
import { z } from 'zod'
import { Name } from './profile/fields.ts'
import { Schedule } from './schedule.ts'
import { SilenceMatchers } from './silence.ts'

export const WindowMatchers = SilenceMatchers.omit({ alert: true })
export type WindowMatchers = z.infer<typeof WindowMatchers>

export const MaintenanceWindow = z.strictObject({
  name: Name,
  enabled: z.boolean().default(true),
  schedule: Schedule,
  matchers: WindowMatchers,
  note: z.string().max(2_000).nullable().default(null),
})
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>

/** `over`: it will not come again. */
export const WINDOW_STATES = ['in-force', 'waiting', 'over', 'off'] as const
export type WindowState = (typeof WINDOW_STATES)[number]
