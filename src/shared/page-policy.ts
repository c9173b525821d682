/**
 * The content security policy of the console's page: the same from the web host and from the desktop shell.
 * The build writes `NONCE_PLACEHOLDER` into `index.html`; a host puts a fresh nonce in its place for every answer, and
 * the page finds it as the `nonce` property of `<meta property="csp-nonce">`.
 */
export const NONCE_PLACEHOLDER = '__VAKHTA_NONCE__'

/** Replaces the placeholder everywhere in the page; `nonce` is base64. */
export function withNonce(html: string, nonce: string): string {
  return html.replaceAll(NONCE_PLACEHOLDER, nonce)
}

/**
 * The value of `Content-Security-Policy`. Style elements need the nonce; style attributes are allowed, because the
 * component library sets them. A WebSocket to the page's own origin counts as `'self'`.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
