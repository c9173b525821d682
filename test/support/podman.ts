/**
 * A Podman of a test's own: its storage in a temporary directory. Where this machine mixes both versions of control groups,
 * which its runtime refuses, it sees the second alone. Linux, as root.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { type ContainerEngine, createImages, writeUnaware } from './container-engine.ts'

/** Why there is none here, for the names of tests; `null` where there is. */
export const noPodman = whyNot()

// What a machine that is itself a container may not set, or does not have.
const PLAIN = [
  ...['--network', 'host', '--cgroups', 'disabled', '--security-opt', 'seccomp=unconfined'],
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'],
]

export function createPodman(): ContainerEngine {
  const home = createTemporaryDirectory('podman')
  const bin = join(home.path, 'bin')
  const program = join(bin, 'podman')
  const flags = `--root ${home.path}/root --runroot ${home.path}/run --storage-driver vfs --cgroup-manager cgroupfs --events-backend file`
  mkdirSync(bin)
  writeFileSync(
    program,
    `#!/bin/sh
exec unshare --mount sh -c 'umount -R /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 none /sys/fs/cgroup
exec ${findProgram('podman')} ${flags} "$@"' podman "$@"
`,
  )
  chmodSync(program, 0o755)
  writeUnaware(bin, 'docker')
  const run = (...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 })
  return {
    bin,
    run,
    build: createImages(home.path, run),
    start(name, image, ...options) {
      run('run', '--detach', '--name', name, ...PLAIN, ...options, image, '/bin/sleep', '1000')
    },
    say(name, image, script, ...options) {
      const kept = ['--log-driver', 'k8s-file']
      run('run', '--detach', '--name', name, ...PLAIN, ...kept, ...options, image, '/bin/sh', '-c', script)
    },
    async remove() {
      run('rm', '--force', '--all', '--time', '0')
      await home.remove()
    },
  }
}

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'containers take root, on Linux'
  return findProgram('podman') === null ? 'podman is not installed' : null
}
