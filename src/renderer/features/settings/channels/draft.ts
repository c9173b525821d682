/** A channel as the form holds it: every kind's fields side by side, so that changing the kind loses nothing. Pure. */
import type { Language } from '#shared/locales/languages.ts'
import type { Channel, ChannelKind } from '#shared/model/channel.ts'
import { type Kept, NOTHING_KEPT, onTop } from '../form/parts/kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from '../form/parts/secret.ts'
import { type TlsDraft, tlsDraft, tlsOf } from '../form/parts/tls.ts'

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
      ...(kind === 'desktop'
        ? {}
        : { tls: tlsOf(kept?.kind === kind ? draft.tls : { ...draft.tls, kept: null }) }),
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
