/**
 * A port that answers as one behind a firewall that drops packets: not at all. Its process stands still with a full
 * backlog, and Linux then drops every further SYN. Needs no rights and no second network.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const LISTENER = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send(server.address().port))
`

export interface FirewalledPort {
  readonly port: number
  close(): Promise<void>
}

export async function openFirewalledPort(): Promise<FirewalledPort> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [port] = (await once(child, 'message')) as [number]
  child.kill('SIGSTOP')
  const fillers: Socket[] = []
  while (await isAnswered(port, fillers)) {}
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy()
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Whether one more connection still gets through; it is kept, to fill the backlog. */
async function isAnswered(port: number, fillers: Socket[]): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  fillers.push(socket)
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 300)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
