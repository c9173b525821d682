import { describe, expect, it } from 'vitest'
import {
  type ChannelSeen,
  type UrgentRoute,
  unheardOf,
} from '../../../../../../src/main/engine/alerts/notify/unheard.ts'

const seen = (name: string, rest: Partial<ChannelSeen> = {}): ChannelSeen => ({
  ...{ name, enabled: true, everything: true, state: 'takes' },
  ...rest,
})
/** Two rules that name no channel. */
const EVERY: readonly UrgentRoute[] = [
  { channels: [], ways: [[]] },
  { channels: [], ways: [[]] },
]

describe('what is critical', () => {
  it.each<[string, readonly ChannelSeen[]]>([
    ['a channel gets everything', [seen('chat')]],
    ['one of two takes it', [seen('chat', { state: 'failing' }), seen('mail')]],
    ['a browser shows it while the chat fails', [seen('chat', { state: 'failing' }), seen('screens')]],
  ])('reaches somebody where %s', (_, channels) => {
    expect(unheardOf(EVERY, channels)).toBeNull()
  })

  it.each<[string, readonly ChannelSeen[], string, readonly string[]]>([
    ['there is no channel', [], 'no-channel', []],
    ['all are off', [seen('chat', { enabled: false }), seen('mail', { enabled: false })], 'all-off', []],
    ['none gets everything', [seen('pager', { everything: false })], 'none-gets-everything', []],
    [
      'the only one fails',
      [seen('chat', { state: 'failing' }), seen('mail', { enabled: false })],
      'failing',
      ['chat'],
    ],
    ['it goes to the desktop, and no page is open', [seen('screens', { state: 'no-page' })], 'no-page', []],
    ['no page may show it', [seen('screens', { state: 'not-allowed' })], 'not-allowed', []],
    [
      'one fails and no page is open',
      [seen('chat', { state: 'failing' }), seen('screens', { state: 'no-page' })],
      'failing',
      ['chat'],
    ],
  ])('reaches nobody where %s', (_, channels, why, failing) => {
    expect(unheardOf(EVERY, channels)).toEqual({
      ...{ why, channels: failing, rules: 2, of: 2, inPart: false },
    })
  })

  it('of a rule that names a channel which fails reaches nobody, though that of others does', () => {
    const channels = [seen('chat'), seen('pager', { everything: false, state: 'failing' })]
    const routes = [[], ['pager'], ['pager', 'chat']].map((named) => ({ channels: named, ways: [[]] }))
    expect(unheardOf(routes, channels)).toEqual({
      ...{ why: 'failing', channels: ['pager'], rules: 1, of: 3, inPart: true },
    })
  })

  it('of a rule that names a channel which is not there goes to the others', () => {
    expect(unheardOf([{ channels: ['gone'], ways: [[]] }], [seen('chat')])).toBeNull()
  })

  it('reaches whoever it escalates to', () => {
    const channels = [seen('pager', { everything: false })]
    expect(unheardOf([{ channels: [], ways: [['pager']] }], channels)).toBeNull()
  })

  it('reaches somebody in part where some of it escalates and the rest goes nowhere', () => {
    const channels = [seen('pager', { everything: false })]
    expect(unheardOf([{ channels: [], ways: [['pager'], []] }], channels)).toEqual({
      ...{ why: 'none-gets-everything', channels: [], rules: 1, of: 1, inPart: true },
    })
  })

  it('of no rule at all is nothing to be heard', () => {
    expect(unheardOf([], [])).toBeNull()
  })
})
