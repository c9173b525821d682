/** Which channels a notification goes to. Pure. */
import { EVERYTHING } from '#shared/model/notification.ts'
import type { Receiver } from './intake.ts'

export interface ChannelThere {
  readonly name: string
  readonly enabled: boolean
  readonly everything: boolean
}

/**
 * Those that are named and are not there are among them, too. Where none that is named takes anything, it goes to those that everything goes
 * to, and where there is none of those, to all: a channel that went away must not swallow an alert.
 * @param named names of channels; none, or `*` among them: also those that everything goes to
 */
export function receiversOf(named: readonly string[], channels: readonly ChannelThere[]): Receiver[] {
  const isOn = (name: string) => channels.some((one) => one.name === name && one.enabled)
  const byName = named.filter((name) => name !== EVERYTHING).map((name) => ({ name, takes: isOn(name) }))
  const isReached = byName.some(({ takes }) => takes)
  if (isReached && !named.includes(EVERYTHING)) return byName
  const others = channels.filter(({ name, enabled }) => enabled && !named.includes(name))
  const everything = others.filter((one) => one.everything)
  const isLost = byName.length > 0 && !isReached && everything.length === 0
  return [...byName, ...(isLost ? others : everything).map(({ name }) => ({ name, takes: true }))]
}
