/** What the command line takes for the console of a directory: it answers as it is told to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimDataDirectory } from '../../src/main/engine/store/data-directory.ts'

export interface ScriptedConsole {
  /** Its data directory, claimed and with a token. */
  readonly directory: string
  stop(): Promise<void>
}

export async function startScriptedConsole(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<ScriptedConsole> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-scripted-'))
  const lock = claimDataDirectory(directory)
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  const note = { pid: process.pid, url: `http://127.0.0.1:${port}`, version: '0.1.0' }
  writeFileSync(join(directory, 'console.json'), JSON.stringify(note))
  writeFileSync(join(directory, 'token'), 'token')
  return {
    directory,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      lock.release()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
