import { describe, expect, it } from 'vitest'
import {
  channelDraft,
  channelOf,
  placeInForm,
} from '../../../../src/renderer/features/settings/channels/draft.ts'
import { fieldOf } from '../../../../src/renderer/features/settings/channels/use-checked-form.ts'
import { Channel, type ChannelInput } from '../../../../src/shared/model/channel.ts'
import { issuesIn } from '../../../../src/shared/model/profile/issues.ts'

const WEBHOOK: ChannelInput = {
  ...{ kind: 'webhook', name: 'relay', url: 'https://hooks.example.com/x', language: 'ru' },
  headers: { 'X-Team': 'night', 'X-Api-Key': 'secret:relay-key' },
  proxy: { url: 'http://vakhta@proxy.internal:3128', password: 'secret:proxy' },
}

const again = (input: ChannelInput) => {
  const channel = Channel.parse(input)
  return [Channel.parse(channelOf(channelDraft(channel, 'en'))), channel]
}

describe('a channel in the form', () => {
  it.each([
    WEBHOOK,
    { kind: 'alertmanager', name: 'am', server: 'http://am:9093', headers: { Accept: 'x' } },
    { kind: 'slack', name: 'chat', url: 'secret:chat', proxy: { url: 'http://proxy.internal:3128' } },
    { kind: 'ntfy', name: 'push', topic: 'vakhta' },
    { kind: 'desktop', name: 'screens' },
  ] satisfies ChannelInput[])('comes out as it went in: $kind', (input) => {
    const [made, channel] = again(input)
    expect(made).toEqual(channel)
  })

  it('loses what is emptied, and leaves out rows without a name', () => {
    const draft = channelDraft(Channel.parse(WEBHOOK), 'en')
    draft.headers = [...draft.headers.slice(0, 1), { name: ' ', content: { reference: 'x', value: '' } }]
    draft.proxy = { ...draft.proxy, url: '', password: { reference: '', value: '' } }
    expect(channelOf(draft)).toMatchObject({ headers: { 'X-Team': 'night' } })
    expect(channelOf(draft)).not.toHaveProperty('proxy')
  })

  it('takes nothing of another kind along', () => {
    const draft = { ...channelDraft(Channel.parse(WEBHOOK), 'en'), kind: 'desktop' as const }
    expect(Channel.parse(channelOf(draft))).toEqual(
      Channel.parse({ kind: 'desktop', name: 'relay', language: 'ru' }),
    )
  })

  it.each([
    [
      'a secret that stands as it is',
      { headers: { 'X-Team': 'night', Cookie: 'abc' } },
      'headers.1.content.reference',
    ],
    ['a header of the connection', { headers: { Host: 'x' } }, 'headers.0.content.reference'],
    ['a proxy that is none', { proxy: { url: 'ftp://x' } }, 'proxy.url'],
    [
      'a password without a user',
      { proxy: { url: 'http://proxy.internal:3128', password: 'secret:proxy' } },
      'proxy.password.reference',
    ],
  ])('has the fault of %s at its field', (_, change, field) => {
    const { headers, proxy } = { ...WEBHOOK, ...change } as Extract<Channel, { kind: 'webhook' }>
    const draft = channelDraft({ ...Channel.parse(WEBHOOK), headers, proxy } as Channel, 'en')
    const made = channelOf(draft)
    const { error } = Channel.safeParse(made)
    const fields = error === undefined ? [] : issuesIn(error, made)
    expect(fields.map(({ keys }) => fieldOf(placeInForm(keys, draft), draft))).toEqual([field])
  })
})

it('has the fault of a list that is chosen from at that list, and of a list of parts at none', () => {
  const draft = { schedule: { days: [] }, steps: [{ to: ['channel:chat'] }] }
  expect(fieldOf(['schedule', 'days'], draft)).toBe('schedule.days')
  expect(fieldOf(['steps', 0, 'to', 0, 'channel'], draft)).toBe('steps.0.to')
  expect(fieldOf(['steps'], draft)).toBe(null)
})
