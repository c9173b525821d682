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

/** The tones of the console's own screens (`renderer/theme.ts`), which a page without its files has to say itself. */
const STYLE = `
:root {
  color-scheme: dark light;
  --line: light-dark(#b9bfc9, #3a414d); --ink: light-dark(#262b34, #e6e9ee); --quiet: light-dark(#5c6573, #979eab);
  font: 14px/1.5 'Inter Variable', Inter, system-ui, sans-serif;
}
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#fff, #14171d); color: light-dark(#262b34, #d8dce3);
}
main { width: min(30rem, calc(100vw - 3rem)); padding: 1.5rem 0; }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .5rem; color: var(--ink); }
p { margin: .5rem 0; color: var(--quiet); }
a { color: var(--ink); }
form { display: flex; flex-wrap: wrap; gap: .375rem .5rem; margin: 1.25rem 0; }
label { flex-basis: 100%; font-size: 12px; font-weight: 600; }
input, button { font: inherit; font-size: 13px; padding: .375rem .75rem; border: 1px solid var(--line); border-radius: 4px; }
input { flex: 1 1 16rem; background: light-dark(#fff, #1c2028); color: inherit; }
button { border-color: var(--ink); background: var(--ink); color: light-dark(#fff, #14171d); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
[role=status] { border-left: 3px solid var(--line); padding-left: .75rem; color: inherit; }
.second { background: none; color: var(--ink); }
.incident { font-size: 1rem; }
.incident .what { color: inherit; font-size: 1.0625rem; }
.incident h2 { font-size: 1rem; font-weight: 600; margin: 1.25rem 0 .25rem; color: var(--ink); }
.incident ul { margin: 0; padding-left: 1.125rem; }
.incident dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .375rem .875rem; margin: 1rem 0; }
.incident dt { color: var(--quiet); }
.incident dd { margin: 0; overflow-wrap: anywhere; }
.incident form { margin: 1rem 0; }
@media (max-width: 40rem) { body:has(.incident) { place-items: start center; } }
.incident :is(input, button) { font-size: 1rem; padding: .75rem 1rem; flex: 1 1 100%; }
.incident nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin-top: 1.5rem; }
.incident nav a { padding: .5rem 0; }
.incident h1::before { display: inline-block; width: .7em; height: .7em; margin-right: .5em; border-radius: 50%; background: var(--quiet); content: ''; }
.incident[data-severity=WARNING] h1::before { border-radius: 0; background: light-dark(#9a6700, #f2b84b); clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.incident:is([data-severity=CRITICAL], [data-severity=EMERGENCY]) h1::before { border-radius: 0; background: light-dark(#c02a22, #ff7a70); }
[role=alert] { border-left: 3px solid light-dark(#c02a22, #ff7a70); padding-left: .75rem; color: inherit; }
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
