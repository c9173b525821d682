/** Serves the built page to the window under `vakhta://console/`, each answer with its security headers. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import type { CustomScheme } from 'electron'
import { DESKTOP_ORIGIN } from '#shared/desktop-port.ts'
import { contentSecurityPolicy, withNonce } from '#shared/page-policy.ts'

const { protocol, host } = new URL(DESKTOP_ORIGIN)

/** To be registered before the app is ready: an origin of its own, as trusted as HTTPS. */
export const CONSOLE_SCHEME: CustomScheme = {
  scheme: protocol.slice(0, -1),
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/**
 * The handler of the scheme. Only files below `directory` of a known kind are answered with; a path without an
 * extension is a place in the page, and gets the page.
 */
export function servePage(directory: string): (request: Request) => Promise<Response> {
  const root = resolve(directory)
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const url = new URL(request.url)
    if (url.protocol !== protocol || url.host !== host) return refuse(404)
    const path = decoded(url.pathname)
    if (path === null) return refuse(400)
    const asked = resolve(root, `.${path}`)
    if (asked !== root && !asked.startsWith(root + sep)) return refuse(404)
    if (extname(asked) === '' || asked === join(root, 'index.html')) return page(root)
    const type = CONTENT_TYPES[extname(asked)]
    if (type === undefined) return refuse(404)
    const body = await contents(asked)
    return body === null ? refuse(404) : answer(body, type)
  }
}

async function page(root: string): Promise<Response> {
  const html = await contents(join(root, 'index.html'))
  if (html === null) return refuse(404)
  const nonce = randomBytes(16).toString('base64')
  return answer(withNonce(html.toString('utf8'), nonce), 'text/html; charset=utf-8', {
    'content-security-policy': contentSecurityPolicy(nonce),
    'cache-control': 'no-store',
  })
}

function answer(
  body: string | Buffer<ArrayBuffer>,
  type: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, {
    headers: {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      ...headers,
    },
  })
}

function refuse(status: 400 | 404 | 405): Response {
  return new Response(null, { status })
}

/** Percent-decoded, backslashes counted as separators; `null` where it is no path. */
function decoded(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname).replaceAll('\\', '/')
    return path.includes('\0') ? null : path
  } catch {
    return null
  }
}

async function contents(path: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null
    throw error
  }
}
