/** `DIR/console.json`: which console runs on a data directory, for the command line and for a second console. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleNote } from '../engine/store/data-directory.ts'
import { writePrivateFile } from './private-file.ts'

/** @returns what removes the note again, if it is still this process's */
export function leaveConsoleNote(dataDirectory: string, note: ConsoleNote): () => void {
  const path = join(dataDirectory, 'console.json')
  writePrivateFile(path, `${JSON.stringify(note)}\n`)
  return () => {
    try {
      const present = ConsoleNote.parse(JSON.parse(readFileSync(path, { encoding: 'utf8' })))
      if (present.pid === note.pid && present.url === note.url) rmSync(path, { force: true })
    } catch {
      // Gone or somebody else's: either way not ours to remove.
    }
  }
}
