/** Silences over a deployment: that they began, and how they ended. */
import { matcherText } from '#shared/model/label-matcher.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { EventCode } from '#shared/model/timeline.ts'
import type { Draft } from '../draft.ts'

/** As many rules as a line has room for. */
const NAMED = 4

/** @param before the same silence as it was; `null`: there was none */
export function watchSilence(before: Silence | null, now: Silence): Draft[] {
  if (before === null && now.endedAt === null) {
    const seconds = Math.max(0, Math.round((now.until - now.startsAt) / 1_000))
    if (now.operation !== null) return [event(now, now.startsAt, 'silence-began-operation', seconds)]
    const code = now.untilClears ? 'silence-began-until-clear' : 'silence-began'
    return [event(now, now.startsAt, code, seconds)]
  }
  if (now.endedAt === null || before?.endedAt !== null) return []
  const lasted = Math.max(0, Math.round((now.endedAt - now.startsAt) / 1_000))
  return [event(now, now.endedAt, `silence-${now.ending ?? 'expired'}`, lasted)]
}

function event(silence: Silence, at: number, code: EventCode, seconds: number): Draft {
  const { alert, rules, severities, labels } = silence.matchers
  const named = rules ?? labels?.map(matcherText) ?? []
  const shown = [...named.slice(0, NAMED), ...(named.length > NAMED ? ['…'] : [])].join(', ')
  const said =
    alert !== null
      ? 'silenced-one'
      : rules !== null
        ? 'silenced-rules'
        : severities !== null
          ? 'silenced-severities'
          : labels !== null
            ? 'silenced-labels'
            : 'silenced-all'
  const params = {
    said,
    seconds,
    by: silence.createdBy,
    rules: shown,
    ...(severities !== null && { severity: severities.join(', ') }),
  }
  return { at, kind: 'silence', probe: null, target: null, reason: { code, params }, status: null }
}
