/** A script of this checkout as people start it, up to the link that it prints. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startServerProcess, tail } from '../../demo/servers/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Launched {
  /** Where the console is: `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Opens a session, once. */
  readonly link: string
  readonly dataDirectory: string
  readonly pid: number
  /** Whether the script still runs. */
  running(): boolean
  /** What it printed so far. */
  printed(): string
  /** SIGKILL to the script alone. */
  kill(): Promise<void>
  /** SIGTERM, as Ctrl-C; resolves when it has ended, with how. */
  stop(): Promise<string>
}

/**
 * Starts `scripts/NAME.ts --headless` and waits for its link.
 * @param existing the directory of an earlier one, that is kept; otherwise one of its own, that `stop` removes
 */
export async function launch(name: 'demo' | 'start', existing?: string): Promise<Launched> {
  const home = existing ?? (await mkdtemp(join(tmpdir(), 'vakhta-launched-')))
  const dataDirectory = join(home, 'data')
  const logFile = join(home, `script-${randomUUID()}.log`)
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
  })
  // Its words are on both streams, and both are in the log.
  const printed = () => readFileSync(logFile, 'utf8')
  let link: string | null = null
  while (script.running() && link === null) {
    await delay(50)
    link = /https?:\/\/\S+\/start\?\S+/.exec(printed())?.[0] ?? null
  }
  if (link === null) throw new Error(`scripts/${name}.ts ended by ${await script.ended}\n${tail(logFile)}`)
  return {
    url: new URL(link).origin,
    link,
    dataDirectory,
    pid: script.pid,
    running: script.running,
    printed,
    kill: script.kill,
    async stop() {
      await script.stop(20_000)
      if (existing === undefined) await rm(home, { recursive: true, force: true })
      return script.ended
    },
  }
}
