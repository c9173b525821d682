/** A channel as the form holds it: every kind's fields side by side, so that changing the kind loses nothing. Pure. */
import type { Language } from '#shared/locales/languages.ts'
import { CHANNEL_KINDS, type Channel, type ChannelKind } from '#shared/model/channel.ts'
import { type HeaderDraft, headerRow, headersDraft, headersOf } from '../form/parts/headers.ts'
import { type Kept, NOTHING_KEPT, onTop } from '../form/parts/kept.ts'
import { type ProxyDraft, proxyDraft, proxyOf } from '../form/parts/proxy.ts'
import { referenceOf, type SecretDraft, secretDraft } from '../form/parts/secret.ts'
import { type TlsDraft, tlsDraft, tlsOf } from '../form/parts/tls.ts'

/** Those that send headers of somebody's own, and those that may go through a proxy. */
export const HAS_HEADERS: ReadonlySet<ChannelKind> = new Set<ChannelKind>(['webhook', 'alertmanager'])
export const HAS_PROXY: ReadonlySet<ChannelKind> = new Set(
  CHANNEL_KINDS.filter((kind) => kind !== 'email' && kind !== 'desktop'),
)

export interface ChannelDraft {
  name: string
  kind: ChannelKind
  enabled: boolean
  everything: boolean
  language: Language
  timeZone: string
  url: SecretDraft
  signingSecret: SecretDraft
  host: string
  port: number | string
  encryption: 'starttls' | 'tls' | 'none'
  user: string
  password: SecretDraft
  from: string
  /** With commas between them. */
  to: string
  server: string
  topic: SecretDraft
  token: SecretDraft
  chat: string
  routingKey: SecretDraft
  apiKey: SecretDraft
  mirrorSilences: boolean
  headers: HeaderDraft[]
  proxy: ProxyDraft
  tls: TlsDraft
  /** As it is on record; `null` for a new one. */
  kept: Channel | null
}

export function channelDraft(channel: Channel | null, language: Language): ChannelDraft {
  const given: Partial<Record<string, unknown>> = channel ?? {}
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : '')
  const { encryption } = given
  return {
    name: text('name'),
    kind: channel?.kind ?? 'email',
    enabled: channel?.enabled ?? true,
    everything: channel?.everything ?? true,
    language: channel?.language ?? language,
    timeZone: text('timeZone'),
    url: secretDraft(text('url')),
    signingSecret: secretDraft(text('signingSecret')),
    host: text('host'),
    port: channel?.kind === 'email' ? channel.port : 587,
    encryption: encryption === 'tls' || encryption === 'none' ? encryption : 'starttls',
    user: text('user'),
    password: secretDraft(text('password')),
    from: text('from'),
    to: channel?.kind === 'email' ? channel.to.join(', ') : '',
    server: text('server'),
    topic: secretDraft(text('topic')),
    token: secretDraft(text('token')),
    chat: text('chat'),
    routingKey: secretDraft(text('routingKey')),
    apiKey: secretDraft(text('apiKey')),
    mirrorSilences: channel?.kind === 'alertmanager' ? channel.mirrorSilences : true,
    headers: headersDraft(channel !== null && 'headers' in channel ? channel.headers : {}),
    proxy: proxyDraft(channel !== null && 'proxy' in channel ? channel.proxy : undefined),
    tls: tlsDraft(channel !== null && 'tls' in channel ? channel.tls : undefined),
    kept: channel,
  }
}

/** As the contract takes it; empty fields are left out, and the schema judges the rest. Holds references alone. */
export function channelOf(draft: ChannelDraft): Record<string, unknown> {
  const { kept, kind } = draft
  const before: Kept = kept?.kind === kind ? kept : NOTHING_KEPT
  const timeZone = draft.timeZone.trim()
  return onTop(
    before,
    {
      kind,
      name: draft.name.trim(),
      enabled: draft.enabled,
      everything: draft.everything,
      language: draft.language,
      timeZone: timeZone === '' ? null : timeZone,
      ...ownFields(draft),
      ...wayOf(draft),
    },
    [
      'name',
      'url',
      'host',
      'from',
      'token',
      'chat',
      'routingKey',
      'apiKey',
      'topic',
      ...(kind === 'alertmanager' ? ['server'] : []),
    ],
  )
}

/** How it is reached; what was on record of another kind is not kept. */
function wayOf({ kind, kept, headers, proxy, tls }: ChannelDraft): Record<string, unknown> {
  const own = <Part extends { kept: unknown }>(part: Part) =>
    kept?.kind === kind ? part : { ...part, kept: null }
  return {
    ...(HAS_HEADERS.has(kind) ? { headers: headersOf(headers) } : {}),
    ...(HAS_PROXY.has(kind) ? { proxy: proxyOf(own(proxy)) } : {}),
    ...(kind === 'desktop' ? {} : { tls: tlsOf(own(tls)) }),
  }
}

/** Headers are by name in a channel, and rows in the form. */
export function placeInForm(keys: readonly (string | number)[], draft: ChannelDraft) {
  const [room, ...name] = keys
  if (room !== 'headers' || name.length === 0) return keys
  return ['headers', headerRow(draft.headers, name.join('.')), 'content']
}

function ownFields(draft: ChannelDraft): Record<string, unknown> {
  const server = draft.server.trim()
  switch (draft.kind) {
    case 'email':
      return {
        host: draft.host.trim(),
        port: draft.port,
        encryption: draft.encryption,
        user: draft.user.trim(),
        password: referenceOf(draft.password),
        from: draft.from.trim(),
        to: draft.to
          .split(/[,;\s]+/)
          .map((one) => one.trim())
          .filter((one) => one !== ''),
      }
    case 'slack':
      return { url: referenceOf(draft.url) }
    case 'webhook':
      return { url: referenceOf(draft.url), signingSecret: referenceOf(draft.signingSecret) }
    case 'ntfy': {
      const token = referenceOf(draft.token)
      return { server, topic: referenceOf(draft.topic), token: token === '' ? undefined : token }
    }
    case 'telegram':
      return { server, token: referenceOf(draft.token), chat: draft.chat.trim() }
    case 'pagerduty':
      return { server, routingKey: referenceOf(draft.routingKey) }
    case 'opsgenie':
      return { server, apiKey: referenceOf(draft.apiKey) }
    case 'alertmanager':
      return { server, mirrorSilences: draft.mirrorSilences }
    case 'desktop':
      return {}
  }
}
