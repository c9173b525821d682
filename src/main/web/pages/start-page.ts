/** The start page: open to everybody, and lets in whoever has the token. It says where the token is, never what it is. */
import type { Language } from '#shared/locales/languages.ts'
import { type ErrorText, errorText } from '../../api/speech.ts'
import { escapeHtml, renderPage } from './page.ts'

export interface StartPage {
  readonly language: Language
  readonly nonce: string
  /** Where to go afterwards: a path of this console. */
  readonly next: string
  /** Why the last try failed; `null` before one. */
  readonly fault: string | null
}

export function startPage({ language, nonce, next, fault }: StartPage): string {
  const text = (key: ErrorText) => escapeHtml(errorText(language, key))
  const alert = fault === null ? '' : `<p role="alert">${escapeHtml(fault)}</p>`
  return renderPage({
    language,
    nonce,
    title: errorText(language, 'start-title'),
    body: `<h1>${text('start-title')}</h1>
<p>${text('start-explains')}</p>
${alert}
<form method="post" action="/start">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">${text('start-token')}</label>
<input id="token" name="token" type="password" autocomplete="off" required autofocus spellcheck="false">
<button type="submit">${text('start-open')}</button>
</form>
<p>${text('start-link')}</p>`,
  })
}

/**
 * Sent in place of a redirect to a browser that followed a link on another site: its `SameSite=Strict` cookie goes along
 * only with a navigation that this page begins.
 */
export function continuePage({ language, nonce, next }: Omit<StartPage, 'fault'>): string {
  const href = escapeHtml(next)
  return renderPage({
    language,
    nonce,
    title: errorText(language, 'start-title'),
    head: `<meta http-equiv="refresh" content="0; url=${href}">\n`,
    body: `<p><a href="${href}">${escapeHtml(errorText(language, 'start-continue'))}</a></p>`,
  })
}

/** A path of this console and of nothing else: no scheme, no host, also not in the guise of `//` or `/\`. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(next)) return '/'
  return next.startsWith('/start') ? '/' : next
}

/** Told where the console's page should be and is not. */
export function notBuiltPage({ language, nonce }: { language: Language; nonce: string }): string {
  const text = (key: ErrorText) => escapeHtml(errorText(language, key))
  return renderPage({
    language,
    nonce,
    title: 'Vakhta',
    body: `<h1>${text('not-built-title')}</h1>
<p>${text('not-built-explains')} <code>npm run build</code></p>
<p><a href="/docs">${text('not-built-docs')}</a></p>`,
  })
}
