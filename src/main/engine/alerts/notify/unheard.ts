/** Whether what is urgent would reach anybody at all, and why not. Pure. */
import { EVERYTHING } from '#shared/model/notification.ts'
import type { Unheard, WhyUnheard } from '#shared/model/unheard.ts'
import { type ChannelThere, receiversOf } from './receivers.ts'

/** How a channel stands: what it was given last failed for a while or was refused; or nobody could show it. */
export type ChannelState = 'takes' | 'failing' | 'no-page' | 'not-allowed'

export interface ChannelSeen extends ChannelThere {
  readonly state: ChannelState
}

export interface Routes {
  /** Of each urgent rule the channels that it names; none: it goes to those that everything goes to. */
  readonly rules: readonly (readonly string[])[]
  /** Channels that incidents go on to, whatever rule they are of. */
  readonly escalation: readonly string[]
}

/** `null`: each urgent rule reaches some channel that takes what it is given. */
export function unheardOf({ rules, escalation }: Routes, channels: readonly ChannelSeen[]): Unheard | null {
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  const mute = rules
    .map((names) => sentTo(names, escalation, channels))
    .filter((names) => names.every((name) => byName.get(name)?.state !== 'takes'))
  if (mute.length === 0) return null
  const meant = [...new Set(mute.flat())].flatMap((name) => byName.get(name) ?? [])
  const failing = meant.filter(({ state }) => state === 'failing').map(({ name }) => name)
  return { why: whyOf(meant, channels), channels: failing, rules: mute.length, of: rules.length }
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
