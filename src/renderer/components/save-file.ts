/** Hands the reader a file. */

/** @param content text, which is written as UTF-8, or what was made elsewhere */
export function saveFile(name: string, content: string | Blob, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** `Connections api-prod` at a moment → `Connections-api-prod-2026-11-21T10-25-03Z.csv`: every file system takes it. */
export function fileNameOf(title: string, at: Date, extension: string): string {
  const words = title.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[-.]+|-+$/g, '')
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return `${words.slice(0, 80) || 'vakhta'}-${time}.${extension}`
}
