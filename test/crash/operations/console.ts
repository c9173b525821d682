/** A real console process with a data directory of its own, asked over REST as scripts do, and killed. */
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { type Child, startChild } from '../child.ts'

const Step = z.looseObject({ id: z.string(), state: z.string(), inspected: z.string().nullable() })
export const AskedOperation = z.looseObject({
  id: z.string(),
  state: z.string(),
  undo: z.string(),
  target: z.string(),
  steps: z.array(Step),
  error: z.looseObject({ code: z.string(), text: z.string() }).nullable(),
  result: z.record(z.string(), z.json()).nullable(),
})
export type AskedOperation = z.infer<typeof AskedOperation>

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface ConsoleProcess {
  readonly child: Child
  /** Rejects where the console is gone. */
  ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer>
  operation(id: string): Promise<AskedOperation>
  /** Newest first. */
  operations(): Promise<AskedOperation[]>
}

/** An entry of the journal, or a transaction of what people do about alerts, counted from the start of the console. */
export interface Dies {
  readonly at: number
  /** Counted from the entry on that turns an operation back. */
  readonly from?: 'back'
  readonly when: 'before' | 'after' | 'acknowledged' | 'silenced'
}

const temporary = new Map<string, string>()

/** Where consoles of a directory keep their temporary files; servers of another user are started there. */
export function temporaryOf(dataDirectory: string): string {
  const path = temporary.get(dataDirectory) ?? createTemporaryDirectory('console').path
  temporary.set(dataDirectory, path)
  chmodSync(path, 0o711)
  return path
}

/** Hundreds of them begin, one after the other. */
let compiled: string | null = null

/** @param dies where it kills itself; it says before which processes it leaves */
export async function startConsoleProcess(
  dataDirectory: string,
  dies: Dies | null = null,
): Promise<ConsoleProcess> {
  const keyFile = join(dataDirectory, 'key')
  const terms = dies === null ? [] : [String(dies.at), dies.when, dies.from ?? '']
  compiled ??= createTemporaryDirectory('compiled').path
  const child = startChild('serve.ts', [join(dataDirectory, 'data'), keyFile, ...terms], {
    env: { TMPDIR: temporaryOf(dataDirectory), NODE_COMPILE_CACHE: compiled },
  })
  await child.printed(1)
  const [url = ''] = child.lines
  const tokenFile = join(dataDirectory, 'data', 'token')
  if (!existsSync(tokenFile)) throw new Error('a console that answers has left its token')
  const authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      ...{ method, headers: { authorization, 'content-type': 'application/json' } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  return {
    child,
    ask,
    operation: async (id) => AskedOperation.parse((await ask('GET', `/operations/${id}`)).body),
    async operations() {
      const { body } = await ask('GET', '/operations')
      return z.object({ items: z.array(AskedOperation) }).parse(body).items
    },
  }
}

/** Processes that a console which killed itself left. */
export function leftBy({ child }: ConsoleProcess): number[] {
  const [, pids = ''] = child.lines.find((line) => line.startsWith('leaves '))?.split('leaves ') ?? []
  return pids.split(' ').filter(Boolean).map(Number)
}
