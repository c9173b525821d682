/** The console itself: who is asking, what it is, and what people prefer. */
import { z } from 'zod'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { FLEET_METRICS } from '#shared/catalogue/metrics.ts'
import { ROLES } from '#shared/catalogue/roles.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { STATUSES } from '#shared/catalogue/statuses.ts'
import { LANGUAGES } from '#shared/locales/languages.ts'
import { procedure, reads } from './procedure.ts'

export const FLEET_SORTS = ['badness', 'name', ...FLEET_METRICS] as const
export const FLEET_GROUPS = ['none', 'environment', 'tag'] as const

/** How somebody looks at the fleet: what narrows it down, its order, and what stands together. */
export const FleetView = z.object({
  text: z.string().max(200),
  /** `attention`: everything that is worse than healthy and is watched. */
  status: z.enum([...STATUSES, 'attention']).nullable(),
  environment: z.enum(ENVIRONMENTS).nullable(),
  /** Consoles before tags kept none. */
  tag: z.string().max(40).nullable().default(null),
  /** `badness` and metrics: the worst, or largest, first. */
  sort: z.enum(FLEET_SORTS),
  group: z.enum(FLEET_GROUPS),
})
export type FleetView = z.infer<typeof FleetView>

/** `attention`: neither acknowledged, nor silenced, nor behind another; `inhibited`: behind another. */
export const ALERT_FILTER_STATES = ['attention', 'acknowledged', 'silenced', 'inhibited'] as const

/** What narrows the open alerts down. */
export const AlertView = z.object({
  text: z.string().max(200),
  /** This one, and what is more urgent. */
  severity: z.enum(SEVERITIES).nullable(),
  deployment: z.string().max(64).nullable(),
  state: z.enum(ALERT_FILTER_STATES).nullable(),
})
export type AlertView = z.infer<typeof AlertView>

export const Preferences = z.object({
  theme: z.enum(['dark', 'light', 'system']),
  language: z.enum(['system', ...LANGUAGES]),
  fleet: FleetView,
  alerts: AlertView,
})
export type Preferences = z.infer<typeof Preferences>

export const session = {
  /** Who is asking and of which console. */
  get: reads().output(
    z.object({
      actor: z.object({ name: z.string(), role: z.enum(ROLES) }),
      version: z.string(),
      host: z.enum(['electron', 'web']),
      dataDirectory: z.string(),
      startedAt: z.number(),
      preferences: Preferences,
    }),
  ),
  /** Kept for the actor, on every device. */
  prefer: procedure({ role: 'READONLY', effect: 'writes' }).input(Preferences.partial()).output(Preferences),
}
