/** An HTTP service in the form. */
import type { Service } from '#shared/model/profile/service.ts'
import { type HeaderDraft, headersDraft, headersOf } from './headers.ts'
import { type Kept, NOTHING_KEPT, onTop, onTopOrNone } from './kept.ts'
import { type ProxyDraft, proxyDraft, proxyOf } from './proxy.ts'
import { type RequestDraft, requestDraft, requestOf } from './request.ts'
import { type RestartDraft, restartDraft, restartOf } from './restart.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'
import { type TlsDraft, tlsDraft, tlsOf } from './tls.ts'

/** How a service is told who asks: as the profile's keys, or not at all. */
export const AUTHORIZATIONS = ['none', 'token', 'basic', 'oauth2'] as const
export type Authorization = (typeof AUTHORIZATIONS)[number]

export const OAUTH2_STYLES = ['form', 'json'] as const
export const REDIRECTS = ['none', 'same-host', 'any'] as const

export interface ServiceDraft {
  name: string
  url: string
  live: string
  ready: string
  metrics: string
  monitoring: string
  authorization: Authorization
  token: SecretDraft
  basic: { user: string; password: SecretDraft; kept: Kept }
  oauth2: {
    tokenUrl: string
    clientId: string
    clientSecret: SecretDraft
    scope: string
    style: (typeof OAUTH2_STYLES)[number]
    kept: Kept
  }
  headers: HeaderDraft[]
  tls: TlsDraft
  proxy: ProxyDraft
  redirects: (typeof REDIRECTS)[number]
  pool: { size: number | ''; overflow: number | ''; kept: Kept | null }
  processes: number | ''
  instances: number | ''
  restart: RestartDraft
  /** What else is asked. */
  requests: RequestDraft[]
  kept: Kept
}

const NEW = {
  url: '',
  live: '/health',
  ready: '/ready',
  metrics: '/metrics',
  monitoring: null,
  headers: {},
  redirects: 'none' as const,
  processes: 1,
  instances: 1,
  requests: [],
}

export const newService = (name: string, machine = 'local'): ServiceDraft => ({
  ...serviceDraft({ ...NEW, name }, machine),
  kept: NOTHING_KEPT,
})

/** @param machine that it is most likely on: the end of the SSH chain, where there is one */
export function serviceDraft(service: Service, machine: string): ServiceDraft {
  const { basic, oauth2, pool } = service
  return {
    name: service.name,
    url: service.url,
    live: service.live,
    ready: service.ready ?? '',
    metrics: service.metrics ?? '',
    monitoring: service.monitoring ?? '',
    authorization:
      (['token', 'basic', 'oauth2'] as const).find((way) => service[way] !== undefined) ?? 'none',
    token: secretDraft(service.token),
    basic: { user: basic?.user ?? '', password: secretDraft(basic?.password), kept: basic ?? NOTHING_KEPT },
    oauth2: {
      tokenUrl: oauth2?.tokenUrl ?? '',
      clientId: oauth2?.clientId ?? '',
      clientSecret: secretDraft(oauth2?.clientSecret),
      scope: oauth2?.scope ?? '',
      style: oauth2?.style ?? 'form',
      kept: oauth2 ?? NOTHING_KEPT,
    },
    headers: headersDraft(service.headers),
    tls: tlsDraft(service.tls),
    proxy: proxyDraft(service.proxy),
    redirects: service.redirects,
    pool: { size: pool?.size ?? '', overflow: pool?.overflow ?? '', kept: pool ?? null },
    processes: service.processes,
    instances: service.instances,
    restart: restartDraft(service.restart, machine),
    requests: service.requests.map(requestDraft),
    kept: service,
  }
}

/** Paths that were emptied are "there is none", not the default ones. */
export function serviceOf(draft: ServiceDraft): Record<string, unknown> {
  const { authorization, pool, kept } = draft
  const headers = headersOf(draft.headers)
  return onTop(
    kept,
    {
      name: draft.name.trim(),
      url: draft.url.trim(),
      live: draft.live.trim(),
      ready: draft.ready.trim() || null,
      metrics: draft.metrics.trim() || null,
      monitoring: draft.monitoring.trim() || null,
      token: authorization === 'token' ? referenceOf(draft.token) : undefined,
      basic: authorization === 'basic' ? basicOf(draft.basic) : undefined,
      oauth2: authorization === 'oauth2' ? oauth2Of(draft.oauth2) : undefined,
      headers: Object.keys(headers).length > 0 || kept.headers !== undefined ? headers : undefined,
      tls: tlsOf(draft.tls),
      proxy: proxyOf(draft.proxy),
      redirects: draft.redirects === 'none' && kept.redirects === undefined ? undefined : draft.redirects,
      pool:
        pool.size === '' && pool.overflow === ''
          ? undefined
          : onTopOrNone(pool.kept, { size: pool.size, overflow: pool.overflow }),
      processes: draft.processes,
      instances: draft.instances,
      restart: restartOf(draft.restart),
      requests:
        draft.requests.length > 0 || kept.requests !== undefined ? draft.requests.map(requestOf) : undefined,
    },
    ['name', 'url', 'token'],
  )
}

export function basicOf({ user, password, kept }: ServiceDraft['basic']) {
  return onTop(kept, { user: user.trim(), password: referenceOf(password) }, ['user', 'password'])
}

function oauth2Of({ tokenUrl, clientId, clientSecret, scope, style, kept }: ServiceDraft['oauth2']) {
  return onTop(
    kept,
    {
      tokenUrl: tokenUrl.trim(),
      clientId: clientId.trim(),
      clientSecret: referenceOf(clientSecret),
      scope: scope.trim(),
      style,
    },
    ['tokenUrl', 'clientId', 'clientSecret'],
  )
}
