/** A document as the page shows and prints it. */
import type { DocumentBlock } from '#shared/model/handover.ts'
import classes from './handover.module.css'

export function DocumentView({ blocks, label }: { blocks: readonly DocumentBlock[]; label: string }) {
  return (
    <article className={classes.document} aria-label={label}>
      {keyed(blocks).map(([key, block]) => (
        <Block key={key} block={block} />
      ))}
    </article>
  )
}

function Block({ block }: { block: DocumentBlock }) {
  switch (block.kind) {
    case 'heading': {
      // The screen's own heading is the first.
      const Heading = ({ 1: 'h2', 2: 'h3', 3: 'h4' } as const)[block.level]
      return <Heading>{block.text}</Heading>
    }
    case 'text':
      return <p>{block.text}</p>
    case 'list':
      return (
        <ul>
          {keyed(block.items).map(([key, item]) => (
            <li key={key}>{item}</li>
          ))}
        </ul>
      )
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {block.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keyed(block.rows).map(([key, cells]) => (
              <tr key={key}>
                {keyed(cells).map(([place, cell]) => (
                  <td key={place}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )
  }
}

/** A document is made as a whole: its parts are told apart by their place. */
function keyed<T>(all: readonly T[]): (readonly [number, T])[] {
  return all.map((one, index) => [index, one] as const)
}
