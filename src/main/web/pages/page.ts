/** The few pages that the host writes itself: plain HTML without a script, under the same policy as everything else. */

/** Text as HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

export interface Page {
  readonly language: string
  readonly title: string
  /** HTML; whoever makes it has escaped what it holds. */
  readonly body: string
  readonly nonce: string
  /** HTML for the head. */
  readonly head?: string
}

const STYLE = `
:root { color-scheme: dark light; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
main { width: min(34rem, calc(100vw - 3rem)); padding: 1.5rem 0; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
label { flex-basis: 100%; }
input { flex: 1 1 16rem; font: inherit; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: .375rem; }
button { font: inherit; padding: .5rem 1.25rem; border: 1px solid GrayText; border-radius: .375rem; cursor: pointer; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
[role=alert] { border-left: .25rem solid currentColor; padding-left: .75rem; }
`

export function renderPage({ language, title, body, nonce, head = '' }: Page): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style nonce="${escapeHtml(nonce)}">${STYLE}</style>
${head}</head>
<body><main>
${body}
</main></body>
</html>
`
}
