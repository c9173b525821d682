/** One request to an Alertmanager's API, version 2. */
import type { ChannelOf } from '#shared/model/channel.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import { credentialsOf } from '../../../reach/http/credentials.ts'
import type { ChannelTools } from '../channel.ts'
import type { HttpReply } from '../http.ts'
import type { PushedAlert } from './alerts.ts'

export type AlertmanagerAddress = Pick<ChannelOf<'alertmanager'>, 'server' | 'headers' | 'tls' | 'proxy'>

interface Asked {
  readonly path: string
  readonly body?: readonly PushedAlert[]
  readonly maxBytes?: number
}

/** Throws a `ReachError` where no answer came. */
export async function askAlertmanager(
  { path, body, maxBytes }: Asked,
  settings: AlertmanagerAddress,
  { http, secrets }: ChannelTools,
  signal: AbortSignal,
): Promise<HttpReply> {
  const place = httpPlace({ url: settings.server })
  const { headers } = await credentialsOf({ headers: settings.headers }, secrets.resolve, place)
  const url = new URL(`${settings.server.replace(/\/+$/, '')}/api/v2/${path}`)
  const bounds = maxBytes === undefined ? {} : { maxBytes }
  if (body === undefined) return http({ url, method: 'GET', headers, over: settings, ...bounds }, signal)
  return http(
    {
      ...{ url, over: settings, ...bounds },
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    },
    signal,
  )
}
