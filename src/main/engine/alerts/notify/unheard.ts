/** Whether what is urgent would reach anybody at all, and why not. Pure. */
import { EVERYTHING } from '#shared/model/notification.ts'
import type { Unheard, WhyUnheard } from '#shared/model/unheard.ts'
import { type ChannelThere, receiversOf } from './receivers.ts'

/** How a channel stands: what it was given last failed for a while or was refused; or nobody could show it. */
export type ChannelState = 'takes' | 'failing' | 'no-page' | 'not-allowed'

export interface ChannelSeen extends ChannelThere {
  readonly state: ChannelState
}

/** An urgent rule. */
export interface UrgentRoute {
  /** Those that it names; none: it goes to those that everything goes to. */
  readonly channels: readonly string[]
  /** Of each escalation that its alerts may have, the channels that they go on to; one of no channel: some go on to nobody. */
  readonly ways: readonly (readonly string[])[]
}

/** `null`: each urgent rule reaches some channel that takes what it is given, whichever way its alerts go. */
export function unheardOf(routes: readonly UrgentRoute[], channels: readonly ChannelSeen[]): Unheard | null {
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  const isMute = (names: readonly string[]) => names.every((name) => byName.get(name)?.state !== 'takes')
  const rules = routes.map(({ channels: named, ways }) => ways.map((way) => sentTo(named, way, channels)))
  const mute = rules.filter((sent) => sent.some(isMute))
  if (mute.length === 0) return null
  const meant = [...new Set(mute.flat().filter(isMute).flat())].flatMap((name) => byName.get(name) ?? [])
  const failing = meant.filter(({ state }) => state === 'failing').map(({ name }) => name)
  return {
    ...{ why: whyOf(meant, channels), channels: failing, rules: mute.length, of: routes.length },
    inPart: !rules.flat().every(isMute),
  }
}

/** The channels that are on and get what a rule finds. */
function sentTo(
  names: readonly string[],
  escalation: readonly string[],
  channels: readonly ChannelThere[],
): string[] {
  const named =
    names.length === 0 && escalation.length > 0 ? [EVERYTHING, ...escalation] : [...names, ...escalation]
  return receiversOf(named, channels).flatMap(({ name, takes }) => (takes ? [name] : []))
}

function whyOf(meant: readonly ChannelSeen[], channels: readonly ChannelSeen[]): WhyUnheard {
  if (channels.length === 0) return 'no-channel'
  if (channels.every(({ enabled }) => !enabled)) return 'all-off'
  if (meant.length === 0) return 'none-gets-everything'
  const states = new Set(meant.map(({ state }) => state))
  if (states.has('failing')) return 'failing'
  return states.has('not-allowed') ? 'not-allowed' : 'no-page'
}
