/** A script of this checkout as people start it, up to the link that it prints. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startServerProcess, tail } from '../../demo/servers/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Launched {
  /** Where the console is: `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Opens a session, once. */
  readonly link: string
  readonly dataDirectory: string
  readonly pid: number
  /** What it printed so far. */
  printed(): string
  /** SIGTERM, as Ctrl-C; resolves when it has ended, with how. */
  stop(): Promise<string>
}

/** Starts `scripts/NAME.ts --headless` on a data directory of its own, and waits for its link. */
export async function launch(name: 'demo' | 'start'): Promise<Launched> {
  const home = await mkdtemp(join(tmpdir(), 'vakhta-browser-'))
  const dataDirectory = join(home, 'data')
  const logFile = join(home, 'script.log')
  const script = startServerProcess({
    name: `scripts/${name}.ts`,
    command: process.execPath,
    args: [
      join(ROOT, `scripts/${name}.ts`),
      '--headless',
      '--data',
      dataDirectory,
      '--key-file',
      join(home, 'vault.key'),
    ],
    logFile,
    stopSignal: 'TERM',
    // The demo that a person runs beside the tests stays the one last started.
    env: { ...process.env, XDG_STATE_HOME: home },
    cwd: ROOT,
    readsOutput: true,
  })
  let printed = ''
  const link = await new Promise<string | null>((resolve) => {
    const { stdout } = script.child
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => {
        printed += `${line}\n`
        const found = /https?:\/\/\S+\/start\?\S+/.exec(line)?.[0]
        if (found !== undefined) resolve(found)
      })
    }
    void script.ended.then(() => resolve(null))
  })
  if (link === null)
    throw new Error(`scripts/${name}.ts ended by ${await script.ended}\n${printed}${tail(logFile)}`)
  return {
    url: new URL(link).origin,
    link,
    dataDirectory,
    pid: script.pid,
    printed: () => printed,
    async stop() {
      await script.stop(20_000)
      await rm(home, { recursive: true, force: true })
      return script.ended
    },
  }
}
