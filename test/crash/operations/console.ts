/** A real console process with a data directory of its own, asked over REST as scripts do, and killed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Child, startChild } from '../child.ts'

const Step = z.looseObject({ id: z.string(), state: z.string(), inspected: z.string().nullable() })
export const AskedOperation = z.looseObject({
  id: z.string(),
  state: z.string(),
  target: z.string(),
  steps: z.array(Step),
  error: z.looseObject({ code: z.string(), text: z.string() }).nullable(),
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
  operations(): Promise<AskedOperation[]>
}

/** @param dies the entry of the journal at which it kills itself */
export async function startConsoleProcess(
  dataDirectory: string,
  dies: { readonly at: number; readonly when: 'before' | 'after' } | null = null,
): Promise<ConsoleProcess> {
  const keyFile = join(dataDirectory, 'key')
  const terms = dies === null ? [] : [String(dies.at), dies.when]
  const child = startChild('serve.ts', [join(dataDirectory, 'data'), keyFile, ...terms])
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
