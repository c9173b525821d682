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
  ['the deployment’s screen', WORDING, {}, 'https://vakhta.example.com/#/deployments/shop'],
  ['the console', WORDING, { deployment: null }, 'https://vakhta.example.com/#/'],
  [
    'the console, of a test',
    { ...WORDING, hasPages: true },
    { kind: 'test' as const, deployment: null },
    'https://vakhta.example.com/#/',
  ],
  ['nowhere', { ...WORDING, baseUrl: null, hasPages: true }, {}, null],
])('a message leads to %s', (_, wording, notification, url) => {
  expect(messageOf(notificationOf(notification), wording).link?.url ?? null).toBe(url)
})
