/**
 * A Podman of a test's own: its storage in a temporary directory, and an image of nothing but `sleep` and a shell. Where this machine
 * mixes both versions of control groups, which its runtime refuses, it sees the second alone. Linux, as root.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

export interface Podman {
  /** Where its own `podman` is, to be looked in before all else. */
  readonly bin: string
  /** Runs it, and answers with what it printed. */
  run(...args: string[]): string
  /** Makes an image under a name, as another one each time. */
  build(name: string): void
  /** Starts a container. */
  start(name: string, image: string, ...options: string[]): void
  /** Starts a container that runs a script of the shell; what it prints is kept as Docker keeps it by default: in a file. */
  say(name: string, image: string, script: string, ...options: string[]): void
  remove(): Promise<void>
}

/** Why there is none here, for the names of tests; `null` where there is. */
export const cannotContain = whyNot()

// What a machine that is itself a container may not set, or does not have.
const PLAIN = [
  ...['--network', 'host', '--cgroups', 'disabled', '--security-opt', 'seccomp=unconfined'],
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'],
]

const PROGRAMS = ['/bin/sleep', '/bin/sh']

export function createPodman(): Podman {
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
  const run = (...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 })
  const root = join(home.path, 'files')
  for (const file of [...PROGRAMS, ...PROGRAMS.flatMap(librariesOf)]) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    copyFileSync(file, join(root, file))
  }
  let builds = 0
  return {
    bin,
    run,
    build(name) {
      builds += 1
      writeFileSync(join(root, 'build'), String(builds))
      const archive = join(home.path, 'files.tar')
      execFileSync('tar', ['-C', root, '-cf', archive, '.'])
      run('import', archive, name)
    },
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

function librariesOf(program: string): string[] {
  return execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
}

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'containers take root, on Linux'
  return findProgram('podman') === null ? 'podman is not installed' : null
}
