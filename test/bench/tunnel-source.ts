/** The server at the far end of a tunnel: it echoes, sends or takes what it is asked to. Runs apart, as a database does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * `send N` has it send N MiB; `take N`, padded to 16 bytes and with the data right behind it, take N MiB and say one
 * byte; anything else is sent back.
 */
const SOURCE = `
  const block = Buffer.alloc(1 << 20, 'row of a table ')
  const server = require('node:net').createServer({ noDelay: true }, (socket) => {
    let left = 0
    socket.on('error', () => {})
    socket.on('data', async (asked) => {
      if (left > 0) {
        left -= asked.length
        if (left <= 0) socket.write('!')
        return
      }
      const [verb, count] = asked.subarray(0, 16).toString('latin1').split(' ')
      if (verb === 'take') left = Number(count) * block.length - (asked.length - 16)
      else if (verb !== 'send') socket.write(asked)
      else for (let rest = Number(count); rest > 0; rest -= 1) {
        if (!socket.write(block)) await new Promise((resolve) => socket.once('drain', resolve))
      }
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => process.send(server.address().port))
`

export async function startSource(): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, ['-e', SOURCE], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [port] = (await once(child, 'message')) as [number]
  return { port, child }
}
