// Whatever ends the process that started servers, nothing of them is left: no process, no directory, no port.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { until } from '../support/until.ts'

const STARTER = join(import.meta.dirname, '../support/start-servers.ts')

const Started = z.object({
  pids: z.array(z.number()),
  ports: z.array(z.number()),
  directories: z.array(z.string()),
})

/** Whether a process runs; one that ended and waits to be noticed does not. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

it.each(['stop', 'exit', 'throw', 'SIGKILL'])('leaves nothing behind after %s', async (how) => {
  const child = spawn(process.execPath, [STARTER, how], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const started = await until(() => text.includes('\n') && Started.parse(JSON.parse(text)), {
    timeoutMs: 20_000,
  })
  expect(started.pids).toHaveLength(5)
  if (how === 'SIGKILL') {
    expect(started.pids.every(runs)).toBe(true)
    expect(started.directories.every((path) => existsSync(path))).toBe(true)
    child.kill('SIGKILL')
  }
  await ended
  await until(() => !started.pids.some(runs), { what: 'the end of every process' })
  await until(() => !started.directories.some((path) => existsSync(path)), {
    what: 'the directories being gone',
  })
  expect(await Promise.all(started.ports.map(listens))).toEqual([false, false, false])
})
