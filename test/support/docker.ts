/**
 * A daemon of Docker of a test's own: storage, socket and mounts are its own, and it makes no network. Linux, as root, where
 * control groups may be made.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../demo/servers/programs.ts'
import { startServerProcess, untilItAnswers } from '../../demo/servers/server-process.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { type ContainerEngine, createImages, writeUnaware } from './container-engine.ts'

/** Starts one; says why where there can be none here, which tests bear in their names. */
export async function startDocker(): Promise<ContainerEngine | { readonly whyNot: string }> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { whyNot: 'Docker takes root, on Linux' }
  const daemon = findProgram('dockerd')
  const client = findProgram('docker')
  if (daemon === null || client === null) return { whyNot: "Docker's daemon is not installed" }
  const home = createTemporaryDirectory('docker')
  const host = `unix://${home.path}/docker.sock`
  const logFile = join(home.path, 'dockerd.log')
  const state = ['--data-root', `${home.path}/data`, '--exec-root', `${home.path}/run`]
  const settings = join(home.path, 'daemon.json')
  writeFileSync(settings, '{}')
  const files = ['--pidfile', `${home.path}/docker.pid`, '--config-file', settings]
  const network = ['--iptables=false', '--ip6tables=false', '--bridge=none']
  // A namespace for its mounts: none is left behind, however it ends.
  const args = ['--mount', daemon, '--host', host, ...state, ...files, ...network, '--storage-driver', 'vfs']
  const server = startServerProcess({
    ...{ name: 'dockerd', command: 'unshare', args, logFile, stopSignal: 'TERM' },
  })
  const bin = join(home.path, 'bin')
  const program = join(bin, 'docker')
  mkdirSync(bin)
  writeFileSync(program, `#!/bin/sh\nexec ${client} --host ${host} "$@"\n`)
  chmodSync(program, 0o755)
  writeUnaware(bin, 'podman')
  const run = (...given: string[]) =>
    execFileSync(program, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 })
  try {
    const waited = { name: 'dockerd', logFile, timeoutMs: 30_000 }
    await untilItAnswers(server, waited, async () => void run('version'))
    const build = createImages(home.path, run)
    build('probe')
    run('run', '--rm', '--network', 'none', 'probe', '/bin/sh', '-c', 'exit 0')
    const plain = ['run', '--detach', '--network', 'none']
    return {
      bin,
      run,
      build,
      start(name, image, ...options) {
        run(...plain, '--name', name, ...options, image, '/bin/sleep', '1000')
      },
      say(name, image, script, ...options) {
        run(...plain, '--name', name, ...options, image, '/bin/sh', '-c', script)
      },
      async remove() {
        const containers = run('ps', '--all', '--quiet').split('\n').filter(Boolean)
        if (containers.length > 0) run('rm', '--force', ...containers)
        await server.stop(20_000)
        await home.remove()
      },
    }
  } catch (error) {
    await server.stop()
    await home.remove()
    const words = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)
    return { whyNot: `dockerd cannot run here: ${words}` }
  }
}
