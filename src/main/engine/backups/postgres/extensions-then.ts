/** Which extensions a dump makes, and where they were. Pure. */
import type { DumpEntry } from './dump-entries.ts'
import { NAME, nameRead } from './names-written.ts'

export interface ExtensionThen {
  readonly name: string
  readonly schema: string
}

const CREATE = new RegExp(`^CREATE EXTENSION IF NOT EXISTS (${NAME}) WITH SCHEMA (${NAME})$`)

/** In the order in which they can be made. */
export function extensionsThen(entries: readonly DumpEntry[]): ExtensionThen[] {
  return entries
    .filter(({ type }) => type === 'EXTENSION')
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => {
      const [, name, schema] = CREATE.exec(statement) ?? []
      return name === undefined || schema === undefined
        ? []
        : [{ name: nameRead(name), schema: nameRead(schema) }]
    })
}
