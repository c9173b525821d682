/** A real HTTP service in a project's directory of its own, and what restarts it there: `restart`, which waits while there is a file `wait`. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../demo/servers/free-port.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

export interface RestartableService {
  readonly directory: string
  readonly url: string
  at(name: string): string
  /** Of the process that runs now; `null` while none does. */
  pid(): number | null
  stop(): Promise<void>
}

/** It is not ready while there is a file `sick`. */
const service = (port: number) => `
import { createServer } from 'node:http'
import { existsSync, writeFileSync } from 'node:fs'
const server = createServer((request, response) => {
  response.statusCode = request.url === '/ready' && existsSync('sick') ? 503 : 200
  const began = String(performance.timeOrigin / 1000)
  response.end(request.url === '/metrics' ? 'process_start_time_seconds ' + began + '\\n' : '{}')
})
server.listen(${port}, '127.0.0.1', () => writeFileSync('pid', String(process.pid)))
`

const RESTART = `#!/bin/sh
old=$(cat pid 2>/dev/null) && kill "$old" && while kill -0 "$old" 2>/dev/null; do sleep 0.02; done
rm -f pid
setsid ${process.execPath} service.mjs &
while [ ! -s pid ]; do sleep 0.02; done
while [ -e wait ]; do sleep 0.02; done
`

export async function startRestartableService(): Promise<RestartableService> {
  const home = createTemporaryDirectory('service')
  const at = (name: string) => join(home.path, name)
  const port = await freePort()
  writeFileSync(at('service.mjs'), service(port))
  writeFileSync(at('restart'), RESTART)
  chmodSync(at('restart'), 0o755)
  const pid = () => {
    const text = existsSync(at('pid')) ? readFileSync(at('pid'), 'utf8') : ''
    return text === '' ? null : Number(text)
  }
  execFileSync('./restart', { cwd: home.path, stdio: 'ignore' })
  return {
    ...{ directory: home.path, url: `http://127.0.0.1:${port}`, at, pid },
    async stop() {
      const last = pid()
      if (last !== null) process.kill(last, 'SIGKILL')
      await home.remove()
    },
  }
}
