/** What to do with an answer that sends elsewhere. Pure. */
import type { FailureCode } from '#shared/model/failure.ts'
import type { Service } from '#shared/model/profile/service.ts'

export const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type RedirectFailure = Extract<FailureCode, `http-redirect-${string}`>

export type RedirectDecision =
  /** It is an answer like any other. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'follow'; readonly url: URL }
  | { readonly kind: 'refuse'; readonly code: RedirectFailure; readonly location: string }

/**
 * @param location the header; a relative one counts from where the answer came from
 * @param passed the addresses that were asked so far, the one that answered last
 */
export function decideRedirect(
  { status, location }: { readonly status: number; readonly location: string | undefined },
  passed: readonly URL[],
  policy: Service['redirects'],
): RedirectDecision {
  const from = passed.at(-1)
  if (policy === 'none' || !REDIRECTS.has(status) || from === undefined) return { kind: 'answer' }
  const url = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return { kind: 'refuse', code: 'http-redirect-bad', location: '' }
  const refuse = (code: RedirectFailure): RedirectDecision => ({
    kind: 'refuse',
    code,
    location: shownAddress(url),
  })
  // Not ours to show there, and nothing that the service should choose for us.
  url.username = ''
  url.password = ''
  url.hash = ''
  if (from.protocol === 'https:' && url.protocol === 'http:') return refuse('http-redirect-insecure')
  if (isLinkLocal(url) && !isLinkLocal(from)) return refuse('http-redirect-link-local')
  if (policy === 'same-host' && url.hostname !== from.hostname) return refuse('http-redirect-elsewhere')
  if (passed.some((each) => each.href === url.href)) return refuse('http-redirect-loop')
  if (passed.length > MOST_REDIRECTS) return refuse('http-redirect-many')
  return { kind: 'follow', url }
}

/**
 * Addresses that only mean something on the very machine that asks, like those where a cloud gives its machines their
 * credentials: nobody sends a client there who means well. `URL` has brought every spelling to these.
 */
function isLinkLocal({ hostname }: URL): boolean {
  return /^(169\.254\.|\[fe[89ab][0-9a-f]:|\[::ffff:a9fe:|\[fd00:ec2::)/.test(hostname)
}

/** An address without what may be secret in it: the query of a login page holds codes and states. */
export function shownAddress({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`.slice(0, 200)
}

/** Where an answer sends, for people; `null` where it sends nowhere. */
export function redirectTarget(location: string | undefined, from: URL): string | null {
  if (location === undefined || !URL.canParse(location, from.href)) return null
  return shownAddress(new URL(location, from))
}

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}
