/** Notes on desktops: of this machine where the console's host has one, else of whoever has a page of it open. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { FailureCode, ReachStep } from '#shared/model/failure.ts'
import { errorWords, failed, type Place } from '../../../reach/failed.ts'
import type { Deliver } from '../channel.ts'
import { cut } from '../message.ts'
import { NotShown, type WhyNotShown } from './desktop.ts'

const PLACE: Place = { hop: 'desktop', on: 'target' }
const MOST_LINES = 4

/** What fails before `protocol` was seen by nobody: it is no repeat the next time. */
const FAILURES = {
  'no-page': ['resolve', 'desktop-no-page'],
  'not-asked': ['privilege', 'desktop-not-asked'],
  blocked: ['privilege', 'desktop-blocked'],
  'not-shown': ['privilege', 'desktop-not-shown'],
  unanswered: ['protocol', 'desktop-unanswered'],
} as const satisfies Record<WhyNotShown, readonly [ReachStep, FailureCode]>

export const deliverDesktop: Deliver<'desktop'> = async (message, _settings, { desktop }, signal) => {
  if (desktop === null) throw failed(PLACE, 'protocol', 'desktop-none')
  const { incident, title, lines, remark, deployment, severity, kind, language, notification } = message
  const said = lines.slice(0, MOST_LINES).map(({ label, value }) => `${label}: ${value}`)
  const body = [...said, ...(remark === null ? [] : [remark])].join('\n')
  const note = {
    ...{ tag: incident, title: cut(title, 200), body, language, deployment },
    alert: notification.alerts[0]?.id ?? null,
    isUrgent: kind !== 'resolved' && kind !== 'test' && urgency(severity) >= urgency('CRITICAL'),
    rings: kind !== 'update' && kind !== 'resolved',
  }
  try {
    await desktop.show(note, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof NotShown) {
      const [step, code] = FAILURES[error.why]
      throw failed(PLACE, step, code, {}, error)
    }
    throw failed(PLACE, 'protocol', 'desktop-failed', { words: errorWords(error) }, error)
  }
  return { status: 'delivered', code: null, text: '', failure: null, retryAfterMs: null }
}
