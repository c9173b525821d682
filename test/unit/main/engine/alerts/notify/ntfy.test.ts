import { expect, it } from 'vitest'
import { messageOf } from '../../../../../../src/main/engine/alerts/notify/message.ts'
import { ntfyBody } from '../../../../../../src/main/engine/alerts/notify/ntfy/index.ts'
import type { NotificationKind } from '../../../../../../src/shared/model/notification.ts'
import { channelOf, notificationOf } from '../../../../../support/notification.ts'

const channel = channelOf({ kind: 'ntfy', name: 'phone', server: 'https://ntfy.example.com', topic: 'watch' })

it.each<[NotificationKind, string | null, string | undefined]>([
  ['update', 'xE73Iyuabi', 'xE73Iyuabi'],
  ['resolved', 'xE73Iyuabi', 'xE73Iyuabi'],
  ['raised', 'xE73Iyuabi', undefined],
  ['update', null, undefined],
  // The channel was Telegram's until then: ntfy refuses a name of its messages.
  ['update', '-100123/45', undefined],
  ['resolved', '@watch/45', undefined],
])('a message that is %s after %s takes the place of %s', (kind, earlier, replaced) => {
  const message = messageOf(notificationOf({ kind }), { ...channel, baseUrl: null })
  expect(ntfyBody(message, 'watch', earlier).sequence_id).toBe(replaced)
})
