/**
 * Where notifications go: one entry per channel, with what its kind needs. Secrets stand in it as references alone; the
 * address of a webhook that lets in whoever knows it is a secret, too. The messages of these schemas are keys of
 * `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { LANGUAGES } from '#shared/locales/languages.ts'
import { Name, Port, SecretReference, url } from './profile/fields.ts'
import { Headers, isReference } from './profile/headers.ts'
import { HttpProxy } from './profile/service.ts'
import { Tls } from './profile/tls.ts'
import { TimeZone } from './time-zone.ts'

const WEB = ['http:', 'https:']
const EXAMPLE = 'https://hooks.example.com/vakhta'

function webUrl(example: string) {
  return url({
    schemes: WEB,
    example,
    refuse: ({ username, search, hash }) => {
      if (username !== '') return { message: 'user-in-url' }
      // What stands there is mostly a token.
      return search === '' && hash === '' ? null : { message: 'query-in-channel-url', params: { example } }
    },
  })
}

const WebhookUrl = webUrl(EXAMPLE)

/** A web address, or a reference to one that is a secret. */
const UrlOrReference = z.string().superRefine((text, context) => {
  const schema = isReference(text) ? SecretReference : WebhookUrl
  for (const issue of schema.safeParse(text).error?.issues ?? []) {
    context.addIssue({ code: 'custom', message: issue.message, params: { example: EXAMPLE } })
  }
})

const address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>",;]+@[^\s@<>",;]+$/, 'bad-mail-address')

/** How an HTTP endpoint is reached, for those that somebody runs themselves. */
const own = { tls: Tls.optional(), proxy: HttpProxy.optional() }

const everywhere = {
  name: Name,
  enabled: z.boolean().default(true),
  /** It gets what no rule sends elsewhere; else only what a rule sends to it by name. */
  everything: z.boolean().default(true),
  /** What its messages are written in. */
  language: z.enum(LANGUAGES).default('en'),
  /** The zone that their times are in, `Europe/Berlin`; `null`: that of the console's machine. */
  timeZone: TimeZone.nullable().default(null),
}

export const WebhookChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('webhook'),
  url: UrlOrReference,
  /** Signs each request (HMAC-SHA256), so that the other side knows who sent it. */
  signingSecret: SecretReference.optional(),
  headers: Headers.default({}),
  ...own,
})
const EmailChannel = z
  .strictObject({
    ...everywhere,
    kind: z.literal('email'),
    host: z.string().min(1).max(253),
    port: Port.default(587),
    /** `starttls`: asked for, and nothing is sent where the server has none. `tls`: from the first byte. */
    encryption: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: SecretReference.optional(),
    from: address,
    to: z.array(address).min(1).max(50),
    tls: Tls.optional(),
  })
  .superRefine(({ user, password }, context) => {
    if ((user === undefined) === (password === undefined)) return
    const path = [user === undefined ? 'user' : 'password']
    context.addIssue({ code: 'custom', path, message: 'user-and-password' })
  })
const SlackChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('slack'),
  /** The address that Slack or Mattermost gave: who knows it may write there. */
  url: SecretReference,
  ...own,
})
const NtfyChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('ntfy'),
  server: webUrl('https://ntfy.sh').default('https://ntfy.sh'),
  /** On a server that is open to all its name is all that protects it, so it may be a reference. */
  topic: z.string().superRefine((text, context) => {
    if (isReference(text) ? SecretReference.safeParse(text).success : TOPIC.test(text)) return
    context.addIssue({ code: 'custom', message: 'bad-topic' })
  }),
  token: SecretReference.optional(),
  ...own,
})
const TelegramChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('telegram'),
  token: SecretReference,
  /** The number of a chat, or `@name` of a public channel. */
  chat: z.string().regex(/^(-?\d{1,20}|@[A-Za-z]\w{3,63})$/, 'bad-chat'),
  server: webUrl('https://api.telegram.org').default('https://api.telegram.org'),
  ...own,
})
export const PagerDutyChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('pagerduty'),
  routingKey: SecretReference,
  server: webUrl('https://events.pagerduty.com').default('https://events.pagerduty.com'),
  ...own,
})
const OpsgenieChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('opsgenie'),
  apiKey: SecretReference,
  /** `https://api.eu.opsgenie.com` for accounts in Europe. */
  server: webUrl('https://api.opsgenie.com').default('https://api.opsgenie.com'),
  ...own,
})
export const AlertmanagerChannel = z.strictObject({
  ...everywhere,
  kind: z.literal('alertmanager'),
  server: webUrl('http://alertmanager.internal:9093'),
  headers: Headers.default({}),
  /** What is silenced there is silenced here. */
  mirrorSilences: z.boolean().default(true),
  ...own,
})
const DesktopChannel = z.strictObject({ ...everywhere, kind: z.literal('desktop') })

const TOPIC = /^[-_A-Za-z0-9]{1,64}$/

export const Channel = z.discriminatedUnion('kind', [
  WebhookChannel,
  EmailChannel,
  SlackChannel,
  NtfyChannel,
  TelegramChannel,
  PagerDutyChannel,
  OpsgenieChannel,
  AlertmanagerChannel,
  DesktopChannel,
])
export type Channel = z.infer<typeof Channel>
export type ChannelInput = z.input<typeof Channel>

export const NotifySettings = z.object({
  /** Where people reach this console, for the links in messages; `null`: messages hold none. */
  baseUrl: webUrl('https://vakhta.example.com').nullable(),
  /** What other consoles on the same deployments call this one; `null`: as its machine is called. */
  consoleName: z.string().trim().min(1).max(40).nullable().default(null),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/** As people see them. */
export const KnownNotifySettings = NotifySettings.extend({
  /** The public address that the host was started with, which stands in where `baseUrl` is `null`. */
  publicUrl: z.string().nullable(),
})

export const CHANNEL_KINDS = [
  'email',
  'slack',
  'telegram',
  'ntfy',
  'pagerduty',
  'opsgenie',
  'alertmanager',
  'webhook',
  'desktop',
] as const satisfies readonly Channel['kind'][]
export type ChannelKind = Channel['kind']
/** The settings of one kind. */
export type ChannelOf<Kind extends ChannelKind> = Extract<Channel, { kind: Kind }>
