/** A message as HTML for mail: one column, nothing loaded from elsewhere, readable in the dark too. Pure. */
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Message } from '../message.ts'

const COLOURS: Readonly<Record<Severity, string>> = {
  INFO: '#6b7280',
  WARNING: '#b45309',
  CRITICAL: '#dc2626',
  EMERGENCY: '#991b1b',
}
const OVER = '#15803d'

export function htmlOf({ title, lines, remark, link, severity, kind, language }: Message): string {
  const colour = kind === 'resolved' ? OVER : kind === 'test' ? COLOURS.INFO : COLOURS[severity]
  const rows = lines
    .map(
      ({ label, value }) =>
        `<tr><td style="padding:4px 16px 4px 0;vertical-align:top;white-space:nowrap;opacity:.7">${escaped(label)}</td>` +
        `<td style="padding:4px 0;vertical-align:top">${escaped(value)}</td></tr>`,
    )
    .join('')
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title></head>`,
    '<body style="margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif">',
    `<div style="max-width:640px;border-left:4px solid ${colour};padding-left:16px">`,
    `<h1 style="margin:0 0 12px;font-size:18px;line-height:1.35">${escaped(title)}</h1>`,
    rows === '' ? '' : `<table style="border-collapse:collapse;font-size:15px">${rows}</table>`,
    remark === null ? '' : `<p style="margin:12px 0 0">${escaped(remark)}</p>`,
    link === null
      ? ''
      : `<p style="margin:16px 0 0"><a href="${escaped(link.url)}">${escaped(link.text)}</a></p>`,
    '</div></body></html>',
  ].join('')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
