/** Situations as they were seen, to derive causes from: targets that are well, but for what a test says. */

import type { Situation } from '../../../../../src/main/engine/causes/situation.ts'
import { isLimited, limitOf } from '../../../../../src/shared/catalogue/limits.ts'
import type { MetricName } from '../../../../../src/shared/catalogue/metrics.ts'
import type { ProbeId } from '../../../../../src/shared/catalogue/probes.ts'
import type { Status } from '../../../../../src/shared/catalogue/statuses.ts'
import { causeText, createTranslator } from '../../../../../src/shared/locales/translate.ts'
import type { Cause } from '../../../../../src/shared/model/cause.ts'
import type { Connection, ConnectionHop } from '../../../../../src/shared/model/connection.ts'
import type {
  Evidence,
  MetricValues,
  Observation,
  SlowStatement,
} from '../../../../../src/shared/model/observation.ts'
import type { Reason } from '../../../../../src/shared/model/reason.ts'
import type { TimelineEvent } from '../../../../../src/shared/model/timeline.ts'

export const NOW = Date.parse('2026-11-21T03:00:00Z')

export interface Seen {
  readonly probe: ProbeId
  readonly target: string
  readonly status: Status
  readonly code: string
  readonly params?: Reason['params']
  readonly values?: MetricValues
  readonly evidence?: Evidence
  /** How long it has not been well, in seconds. */
  readonly for?: number
  /** Values of earlier looks, oldest first, a look every five seconds. */
  readonly before?: readonly MetricValues[]
}

export function situation(
  seen: readonly Seen[],
  rest: {
    recent?: readonly Seen[]
    hops?: readonly ConnectionHop[]
    events?: readonly Partial<TimelineEvent>[]
  } = {},
): Situation {
  const observations = seen.map(observation)
  const of = (probe: ProbeId, target: string) =>
    seen.find((one) => one.probe === probe && one.target === target)
  const recent = (rest.recent ?? []).map(observation)
  const connection: Connection = { status: 'CONNECTED', hops: [...(rest.hops ?? [])] }
  return {
    now: NOW,
    observations,
    connection,
    since(probe, target) {
      const one = of(probe, target)
      return one === undefined || one.status === 'HEALTHY' ? null : NOW - (one.for ?? 60) * 1_000
    },
    recent: (probe, target) => recent.filter((one) => one.probe === probe && one.target === target),
    ring(probe, target) {
      const before = of(probe, target)?.before ?? []
      return before.map((values, index) => ({
        ...observation({ probe, target, status: 'HEALTHY', code: 'not-yet-observed', values }),
        at: NOW - 600_000 + index * 5_000,
      }))
    },
    events: (rest.events ?? []).map((event, index) => ({
      id: index + 1,
      deployment: 'shop',
      at: NOW,
      kind: 'deploy',
      probe: 'health',
      target: 'api',
      reason: { code: 'deployed', params: { version: '2.0' } },
      status: null,
      ...event,
    })),
    limit: (metric: MetricName) => (isLimited(metric) ? limitOf(metric, {}) : null),
  }
}

function observation({ probe, target, status, code, params = {}, values = {}, evidence }: Seen): Observation {
  return {
    deployment: 'shop',
    probe,
    target,
    at: NOW,
    status,
    reason: { code, params },
    values,
    ...(evidence === undefined ? {} : { evidence }),
    cost: { ms: 1, rows: 1, bytes: 1 },
  }
}

export function backend(pid: number, rest: Partial<SlowStatement> = {}): SlowStatement {
  return {
    pid,
    user: 'shop',
    application: 'orders',
    state: 'active',
    waiting: null,
    blockedBy: [],
    durationMs: 5_000,
    statement: 'SELECT ?',
    ...rest,
  }
}

/** A chain as people read it, with its certainty. */
export function told({ links, certainty }: Cause): string {
  const translator = createTranslator('en')
  return `${links.map(({ reason }) => causeText(translator, reason)).join(' ← ')} (${certainty})`.replaceAll(
    '\u00a0',
    ' ',
  )
}
