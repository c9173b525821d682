import { expect, it } from 'vitest'
import { messageOf } from '../../../../../../src/main/engine/alerts/notify/message.ts'
import { notificationOf } from '../../../../../support/notification.ts'

const WORDING = {
  name: 'duty',
  language: 'en',
  timeZone: null,
  baseUrl: 'https://vakhta.example.com/',
} as const

it.each([
  ['a short page', { ...WORDING, hasPages: true }, {}, 'https://vakhta.example.com/incidents/i1'],
  ['the alert that heads it', WORDING, {}, 'https://vakhta.example.com/#/alerts/open/a1'],
  [
    'the alert that heads it, of several deployments',
    WORDING,
    { deployment: null },
    'https://vakhta.example.com/#/alerts/open/a1',
  ],
  [
    'the deployment’s screen, where no alert is left in it',
    WORDING,
    { alerts: [] },
    'https://vakhta.example.com/#/deployments/shop',
  ],
  [
    'the console, of a test',
    { ...WORDING, hasPages: true },
    { kind: 'test' as const, deployment: null, alerts: [] },
    'https://vakhta.example.com/#/',
  ],
  [
    'the alert that a silence is about to end over, which has no page of its own',
    { ...WORDING, hasPages: true },
    { kind: 'silence-ending' as const, incident: 'silence-s1' },
    'https://vakhta.example.com/#/alerts/open/a1',
  ],
  ['nowhere', { ...WORDING, baseUrl: null, hasPages: true }, {}, null],
])('a message leads to %s', (_, wording, notification, url) => {
  expect(messageOf(notificationOf(notification), wording).link?.url ?? null).toBe(url)
})
