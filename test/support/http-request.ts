/** HTTP requests with whatever headers: `fetch` sets `Host` and its likes by itself. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { request as requestOverTls } from 'node:https'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Of an https URL: whom to trust, and which name is meant. */
  readonly tls?: { readonly ca: string; readonly servername: string }
}

/** Follows no redirect and keeps no connection. */
export function ask(url: string, { method = 'GET', headers = {}, body, tls }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = tls === undefined ? request : requestOverTls
    const outgoing = send(url, { method, headers, agent: false, ...tls }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
