/** The session's cookie: out of reach of scripts and of other sites. */
import type { SessionCookie } from './addresses.ts'
import { SESSION_LIFETIME_MS } from './sessions.ts'

/** The value of a cookie in a `Cookie` header. Ours are base64url: nothing in them is quoted or encoded. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', value = ''] = pair.split('=', 2)
    if (key.trim() === name) return value.trim()
  }
  return null
}

/** `Set-Cookie` that opens a session in the browser. */
export function openedCookie(cookie: SessionCookie, id: string): string {
  return cookieText(cookie, id, SESSION_LIFETIME_MS / 1000)
}

/** `Set-Cookie` that makes the browser forget it. */
export function endedCookie(cookie: SessionCookie): string {
  return cookieText(cookie, '', 0)
}

function cookieText({ name, isSecure }: SessionCookie, value: string, maxAgeSeconds: number): string {
  const secure = isSecure ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
}
