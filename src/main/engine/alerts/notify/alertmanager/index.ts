/** An Alertmanager that is there already: alerts are pushed to it as Prometheus does. */
import type { Deliver } from '../channel.ts'
import { judge } from '../verdict.ts'
import { alertsIn } from './alerts.ts'
import { askAlertmanager } from './ask.ts'

export const deliverAlertmanager: Deliver<'alertmanager'> = async (message, settings, tools, signal) => {
  const { clock, secrets } = tools
  const body = alertsIn(message, settings, clock.now())
  const reply = await askAlertmanager({ path: 'alerts', body }, settings, tools, signal)
  return judge({ reply, text: secrets.shown(reply.body) }, clock.now())
}
