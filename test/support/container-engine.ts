/** What the tests ask of an engine of containers, and the files of the images that they run: nothing but `sleep` and a shell. */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface ContainerEngine {
  /** Holds its own `docker` or `podman`, to be looked in before all else. */
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

/** Vakhta asks Docker and Podman: this makes one that knows nothing, so that the machine's own does not answer. */
export function writeUnaware(bin: string, name: 'docker' | 'podman'): void {
  const program = join(bin, name)
  writeFileSync(program, '#!/bin/sh\nexit 1\n')
  chmodSync(program, 0o755)
}

const PROGRAMS = ['/bin/sleep', '/bin/sh']

/**
 * Makes images below a directory with an engine's own `import`.
 * @param home a directory of the test's own
 */
export function createImages(home: string, run: (...args: string[]) => string): (name: string) => void {
  const root = join(home, 'files')
  for (const file of [...PROGRAMS, ...PROGRAMS.flatMap(librariesOf)]) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    copyFileSync(file, join(root, file))
  }
  let builds = 0
  return (name) => {
    builds += 1
    writeFileSync(join(root, 'build'), String(builds))
    const archive = join(home, 'files.tar')
    execFileSync('tar', ['-C', root, '-cf', archive, '.'])
    run('import', archive, name)
  }
}

function librariesOf(program: string): string[] {
  return execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
}
