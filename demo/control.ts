/**
 * How a running demo is told of faults: HTTP on a socket in its own directory, which only its owner can enter.
 * `DIR/demo.json` says where; a file in the user's state directory says which demo was last started.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { createConnection } from 'node:net'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { FAULT_NAMES, FaultRefused } from './fault-names.ts'
import { DEPLOYMENT_NAMES } from './profiles.ts'

const Order = z.object({
  fault: z.enum(FAULT_NAMES),
  on: z.boolean(),
  deployment: z.enum(DEPLOYMENT_NAMES),
})
export type Order = z.infer<typeof Order>

/** `DIR/demo.json`. */
const Whereabouts = z.object({ pid: z.number(), socket: z.string(), startedAt: z.string() })

/** A demo that cannot be found or does not answer. */
export class NoDemo extends Error {}

/** A demo that runs on that directory already. */
export class DemoRuns extends Error {}

/** Throws `DemoRuns` where a demo answers that has this data directory. */
export async function refuseSecondDemo(dataDirectory: string): Promise<void> {
  try {
    const { socket, pid } = await whereabouts(dataDirectory)
    await reach(socket)
    throw new DemoRuns(
      `a demo runs on ${dataDirectory} already (process ${pid}): stop it, or take another --data`,
    )
  } catch (error) {
    if (error instanceof DemoRuns) throw error
    // None is there, or one that was killed and left its file.
  }
}

async function whereabouts(dataDirectory: string): Promise<z.infer<typeof Whereabouts>> {
  return Whereabouts.parse(JSON.parse(await readFile(join(dataDirectory, 'demo.json'), 'utf8')))
}

function reach(socketPath: string): Promise<void> {
  return new Promise((done, failed) => {
    const connection = createConnection(socketPath)
    connection.once('error', failed)
    connection.once('connect', () => {
      connection.destroy()
      done()
    })
  })
}

export interface Control {
  close(): Promise<void>
}

/**
 * Opens the socket and writes down where it is.
 * @param dataDirectory where `demo.json` goes
 * @param directory where the socket goes; mode 0700
 */
export async function openControl(options: {
  readonly dataDirectory: string
  readonly directory: string
  readonly take: (order: Order) => Promise<void>
}): Promise<Control> {
  const { dataDirectory, directory, take } = options
  const socket = join(directory, 'control.sock')
  const server = createServer((incoming, response) => {
    const answer = (status: number, message: string) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message }))
    }
    const handle = async () => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      await take(Order.parse(JSON.parse(text)))
    }
    handle().then(
      () => answer(200, 'done'),
      (error: unknown) =>
        answer(
          error instanceof FaultRefused ? 422 : 500,
          error instanceof Error ? error.message : String(error),
        ),
    )
  })
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(socket, done)
  })
  const file = join(dataDirectory, 'demo.json')
  const whereabouts = { pid: process.pid, socket, startedAt: new Date().toISOString() }
  await writeFile(file, `${JSON.stringify(whereabouts, null, 2)}\n`, { mode: 0o600 })
  await remember(dataDirectory)
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await rm(file, { force: true })
      if ((await lastStarted().catch(() => null)) === resolve(dataDirectory))
        await rm(pointer(), { force: true })
    },
  }
}

/** Gives an order to the demo of a data directory, or to the one last started, and waits until it is carried out. */
export async function giveOrder(order: Order, dataDirectory?: string): Promise<void> {
  const directory = dataDirectory ?? (await lastStarted())
  let socket: string
  try {
    socket = (await whereabouts(directory)).socket
  } catch (error) {
    throw new NoDemo(`no demo runs on ${directory}: start one with "npm run demo"`, { cause: error })
  }
  const { status, message } = await post(socket, order).catch((error: unknown) => {
    throw new NoDemo(`the demo of ${directory} does not answer: start one with "npm run demo"`, {
      cause: error,
    })
  })
  if (status === 422) throw new FaultRefused(message)
  if (status !== 200) throw new Error(message)
}

function post(socketPath: string, order: Order): Promise<{ status: number; message: string }> {
  return new Promise((done, failed) => {
    const outgoing = request({ socketPath, method: 'POST', path: '/fault' }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', failed)
      response.on('end', () => {
        try {
          done({
            status: response.statusCode ?? 500,
            message: z.object({ message: z.string() }).parse(JSON.parse(text)).message,
          })
        } catch (error) {
          failed(error)
        }
      })
    })
    outgoing.on('error', failed)
    outgoing.end(JSON.stringify(order))
  })
}

function pointer(): string {
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'vakhta', 'last-demo')
}

async function remember(dataDirectory: string): Promise<void> {
  try {
    await mkdir(dirname(pointer()), { recursive: true, mode: 0o700 })
    await writeFile(pointer(), resolve(dataDirectory), { mode: 0o600 })
  } catch {
    // A home that cannot be written to: the demo is found with --data alone.
  }
}

async function lastStarted(): Promise<string> {
  try {
    return await readFile(pointer(), 'utf8')
  } catch (error) {
    throw new NoDemo('no demo runs: start one with "npm run demo", or say which one with --data DIR', {
      cause: error,
    })
  }
}
