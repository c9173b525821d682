/** The session's cookie: named for the console's port, out of reach of scripts and of other sites. */
import { SESSION_LIFETIME_MS } from './sessions.ts'

/** Ports of one machine share a browser's cookies: each console needs a name of its own. */
export function cookieNameFor(port: number): string {
  return `vakhta-${port}`
}

/** The value of a cookie in a `Cookie` header. Ours are base64url: nothing in them is quoted or encoded. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', value = ''] = pair.split('=', 2)
    if (key.trim() === name) return value.trim()
  }
  return null
}

/** `Set-Cookie` that opens a session in the browser. */
export function sessionCookie(name: string, id: string): string {
  return `${name}=${id}; Path=/; Max-Age=${SESSION_LIFETIME_MS / 1000}; HttpOnly; SameSite=Strict`
}

/** `Set-Cookie` that makes the browser forget it. */
export function endedCookie(name: string): string {
  return `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`
}
