/** Notes on the desktop of this machine, where the console's host has one. */
import { urgency } from '#shared/catalogue/severities.ts'
import { errorWords, failed, type Place } from '../../../reach/failed.ts'
import type { Deliver } from '../channel.ts'
import { cut } from '../message.ts'

const PLACE: Place = { hop: 'desktop', on: 'target' }
const MOST_LINES = 4

export const deliverDesktop: Deliver<'desktop'> = async (message, _settings, { desktop }) => {
  if (desktop === null) throw failed(PLACE, 'protocol', 'desktop-none')
  const { incident, title, lines, remark, deployment, severity, kind } = message
  const said = lines.slice(0, MOST_LINES).map(({ label, value }) => `${label}: ${value}`)
  const body = [...said, ...(remark === null ? [] : [remark])].join('\n')
  const isUrgent = kind !== 'resolved' && kind !== 'test' && urgency(severity) >= urgency('CRITICAL')
  try {
    await desktop.show({ tag: incident, title: cut(title, 200), body, deployment, isUrgent })
  } catch (error) {
    throw failed(PLACE, 'protocol', 'desktop-failed', { words: errorWords(error) }, error)
  }
  return { status: 'delivered', code: null, text: '', failure: null, retryAfterMs: null }
}
