/** The console as a child process: the desktop app where there can be one, the web host elsewhere. */

import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type ServerProcess, startServerProcess, tail } from '../demo/servers/server-process.ts'
import { ROOT } from './command.ts'
import { COMMAND_LINE } from './command-line.ts'

export interface ConsoleOptions {
  readonly dataDirectory: string
  /** The user's own where it is `null`. */
  readonly keyFile: string | null
  readonly logFile: string
}

/** A console that did not start; its message is for people. */
export class ConsoleFailed extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

const vault = ({ keyFile }: ConsoleOptions) => (keyFile === null ? [] : ['--key-file', keyFile])

/** Starts the desktop app; it is up to its window from then on. */
export function startDesktop(runtime: string, options: ConsoleOptions): ServerProcess {
  return startServerProcess({
    name: 'Vakhta',
    command: runtime,
    args: [ROOT, '--data', options.dataDirectory, ...vault(options)],
    logFile: options.logFile,
    stopSignal: 'TERM',
  })
}

/** What `vakhta serve --json` prints once it is ready. */
const Ready = z.object({ url: z.string(), link: z.string() })

/** Starts the web host, and resolves when it is ready. Throws `ConsoleFailed` with what it said. */
export async function startWebHost(
  options: ConsoleOptions & { readonly port: number | null },
): Promise<{ process: ServerProcess; url: string; link: string }> {
  const { dataDirectory, logFile, port } = options
  const host = startServerProcess({
    name: 'Vakhta',
    command: COMMAND_LINE.command,
    args: [
      ...COMMAND_LINE.args,
      'serve',
      '--json',
      '--data',
      dataDirectory,
      ...vault(options),
      ...(port === null ? [] : ['--port', String(port)]),
    ],
    logFile,
    stopSignal: 'TERM',
    readsOutput: true,
  })
  const { stdout } = host.child
  if (stdout === null) throw new Error('the console has no standard output')
  const lines = createInterface({ input: stdout })
  const first = new Promise<string>((resolve) => lines.once('line', resolve))
  const line = await Promise.race([first, host.ended.then(() => null)])
  const ready = line === null ? null : Ready.safeParse(JSON.parse(line))
  if (ready?.success !== true) {
    await host.stop()
    throw new ConsoleFailed(tail(logFile), host.child.exitCode ?? 1)
  }
  return { process: host, ...ready.data }
}
