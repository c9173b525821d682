/**
 * A program for a network namespace: the headless console in there, and the way in that is no network, a socket in the file
 * system. Prints its one-time link when it answers. Arguments: the data directory, the key file, the port, the socket.
 */
import { connect, createServer } from 'node:net'
import { joinSockets } from '../../demo/servers/joined-sockets.ts'
import { serve } from '../../src/main/serve.ts'

const [dataDirectory = '', keyFile = '', port = '', socketPath = ''] = process.argv.slice(2)
const { link, stop } = await serve({ dataDirectory, port: Number(port), keyFile })
const way = createServer((outer) => joinSockets(outer, connect({ host: '127.0.0.1', port: Number(port) })))
way.listen(socketPath, () => console.log(link))
process.once('SIGTERM', () => {
  way.close()
  void stop().then(() => process.exit())
})
