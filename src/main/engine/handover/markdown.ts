/** A document as Markdown: what people and servers said in it stays words, and is no markup. Pure. */
import type { DocumentBlock } from '#shared/model/handover.ts'

export function markdownOf(blocks: readonly DocumentBlock[]): string {
  return `${blocks.map(blockOf).join('\n\n')}\n`
}

function blockOf(block: DocumentBlock): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`
    case 'text':
      return line(block.text)
    case 'list':
      return block.items.map((item) => `- ${line(item)}`).join('\n')
    case 'table':
      return [
        row(block.columns),
        row(block.columns.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map(escaped))),
      ].join('\n')
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** As a line of its own, where also what begins it is no list and no heading. */
function line(text: string): string {
  return escaped(text)
    .replace(/^([-+=#])/, String.raw`\$1`)
    .replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`)
}

/** Without line breaks, and nothing in it is markup: emphasis, code, links, HTML, cells. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
    .trim()
    .replaceAll(/[\\`*[\]<>|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\$&`)
    .replaceAll(/&(?=#?\w+;)/g, String.raw`\&`)
}
