/** The headless console as a process of its own, as users run it: what the bench measures from outside. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface ConsoleProcess {
  readonly url: string
  readonly link: string
  readonly pid: number
  /** Milliseconds from starting the process to its saying that it is ready. */
  readonly readyMs: number
  /** Asks its REST API as the administrator. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
  /** Processor seconds used so far, and resident memory in MiB, from /proc. */
  usage(): { cpuSeconds: number; residentMiB: number }
  stop(): Promise<void>
}

/** Starts one on `dataDirectory`; without it, on a temporary one that goes with it. */
export async function startConsole(dataDirectory?: string): Promise<ConsoleProcess> {
  const temporary = dataDirectory === undefined ? createTemporaryDirectory('bench') : null
  const directory = dataDirectory ?? temporary?.path ?? ''
  const startedAt = performance.now()
  const child = spawn(
    join(ROOT, 'bin/vakhta'),
    ['serve', '--json', '--port', '0', '--data', directory, '--key-file', join(directory, 'vault.key')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then(() => Promise.reject(new Error(`the console ended before it was ready:\n${said}`))),
  ])
  const readyMs = performance.now() - startedAt
  const { url, link, pid } = JSON.parse(line) as { url: string; link: string; pid: number }
  const token = readFileSync(join(directory, 'token'), 'utf8').trim()

  return {
    url,
    link,
    pid,
    readyMs,
    async ask(method, path, body) {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const answer = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`)
      return JSON.parse(answer) as unknown
    },
    usage: () => usageOf(pid),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await temporary?.remove()
    },
  }
}

/** Processor seconds used so far by a process, and its resident memory in MiB, from /proc. */
export function usageOf(pid: number): { cpuSeconds: number; residentMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  // Linux counts processor time in hundredths of a second (USER_HZ).
  return { cpuSeconds: ticks / 100, residentMiB: Number(resident) / 1024 }
}
