import { describe, expect, it } from 'vitest'
import { type ChannelSeen, unheardOf } from '../../../../../../src/main/engine/alerts/notify/unheard.ts'

const seen = (name: string, rest: Partial<ChannelSeen> = {}): ChannelSeen => ({
  ...{ name, enabled: true, everything: true, state: 'takes' },
  ...rest,
})
const EVERY: readonly (readonly string[])[] = [[], []]

describe('what is critical', () => {
  it.each<[string, readonly ChannelSeen[]]>([
    ['a channel gets everything', [seen('chat')]],
    ['one of two takes it', [seen('chat', { state: 'failing' }), seen('mail')]],
    ['a browser shows it while the chat fails', [seen('chat', { state: 'failing' }), seen('screens')]],
  ])('reaches somebody where %s', (_, channels) => {
    expect(unheardOf({ rules: EVERY, escalation: [] }, channels)).toBeNull()
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
    expect(unheardOf({ rules: EVERY, escalation: [] }, channels)).toEqual({
      ...{ why, channels: failing, rules: 2, of: 2 },
    })
  })

  it('of a rule that names a channel which fails reaches nobody, though that of others does', () => {
    const channels = [seen('chat'), seen('pager', { everything: false, state: 'failing' })]
    expect(unheardOf({ rules: [[], ['pager'], ['pager', 'chat']], escalation: [] }, channels)).toEqual({
      ...{ why: 'failing', channels: ['pager'], rules: 1, of: 3 },
    })
  })

  it('of a rule that names a channel which is not there goes to the others', () => {
    expect(unheardOf({ rules: [['gone']], escalation: [] }, [seen('chat')])).toBeNull()
  })

  it('reaches whoever it escalates to', () => {
    const channels = [seen('pager', { everything: false })]
    expect(unheardOf({ rules: EVERY, escalation: ['pager'] }, channels)).toBeNull()
  })

  it('of no rule at all is nothing to be heard', () => {
    expect(unheardOf({ rules: [], escalation: [] }, [])).toBeNull()
  })
})
