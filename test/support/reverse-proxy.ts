/** Reverse proxies that end TLS, configured as the guide says: its own blocks, with the places of a test put in. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from '../../demo/servers/authority.ts'
import { freePort } from '../../demo/servers/free-port.ts'
import { requireProgram } from '../../demo/servers/programs.ts'
import { onFreePort, startServerProcess, untilItAnswers } from '../../demo/servers/server-process.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { ask } from './http-request.ts'

export const PROXIES = ['nginx', 'caddy'] as const
export type ProxyName = (typeof PROXIES)[number]

/** What the guide calls the console. */
export const OUTSIDE_NAME = 'watch.example.com'

export interface ReverseProxy {
  /** `https://127.0.0.1:PORT`; it is asked for `OUTSIDE_NAME` there. */
  readonly url: string
  readonly tls: { readonly ca: string; readonly servername: string }
  stop(): Promise<void>
}

/** @param consolePort of the console behind it */
export async function startReverseProxy(name: ProxyName, consolePort: number): Promise<ReverseProxy> {
  const home = createTemporaryDirectory(name)
  const authority = createAuthority()
  const { key, chain } = authority.issue({ names: [OUTSIDE_NAME] })
  const keyFile = join(home.path, 'key.pem')
  const certificateFile = join(home.path, 'chain.pem')
  writeFileSync(keyFile, key, { mode: 0o600 })
  writeFileSync(certificateFile, chain)
  const tls = { ca: authority.certificate, servername: OUTSIDE_NAME }
  const logFile = join(home.path, 'log')
  const block = guideBlock(name).replaceAll('127.0.0.1:8080', `127.0.0.1:${consolePort}`)

  const launch = async (port: number) => {
    const config = join(home.path, 'config')
    const places = { home: home.path, port, keyFile, certificateFile }
    writeFileSync(config, name === 'nginx' ? nginxConfig(block, places) : caddyConfig(block, places))
    const server = startServerProcess({
      ...{ name, logFile, stopSignal: 'TERM', cwd: home.path },
      command: requireProgram(name),
      args:
        name === 'nginx'
          ? ['-p', home.path, '-c', config, '-e', 'stderr']
          : ['run', '--config', config, '--adapter', 'caddyfile'],
      env: { ...process.env, HOME: home.path, XDG_DATA_HOME: home.path, XDG_CONFIG_HOME: home.path },
    })
    const url = `https://127.0.0.1:${port}`
    await untilItAnswers(server, { name, logFile }, async () => {
      const { status } = await ask(`${url}/health`, { headers: { host: OUTSIDE_NAME }, tls })
      if (status !== 200) throw new Error(`it answered with ${status}`)
    })
    return { url, server }
  }

  try {
    const { url, server } = await onFreePort(freePort, launch)
    return {
      ...{ url, tls },
      async stop() {
        await server.stop()
        await home.remove()
      },
    }
  } catch (error) {
    await home.remove()
    throw error
  }
}

interface Places {
  readonly home: string
  readonly port: number
  readonly keyFile: string
  readonly certificateFile: string
}

function nginxConfig(block: string, { home, port, keyFile, certificateFile }: Places): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const own = block
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certificateFile};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${keyFile};`)
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${home}/pid;
events {}
http {
access_log off;
${temporary.map((kind) => `${kind}_temp_path ${home}/${kind};`).join('\n')}
${own}
}
`
}

function caddyConfig(block: string, { port, keyFile, certificateFile }: Places): string {
  const site = block.replace(/\{\n/, `{\n    tls ${certificateFile} ${keyFile}\n    bind 127.0.0.1\n`)
  return `{
admin off
auto_https disable_redirects
https_port ${port}
}
${site}`
}

function guideBlock(language: string): string {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide.md'), 'utf8')
  const block = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(guide)?.[1]
  if (block === undefined) throw new Error(`the guide has no example for ${language}`)
  return block
}
