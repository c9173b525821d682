/** What the machine has to have besides Node: says what is missing, and installs it where it may. */
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { findFakeTime, findPamModule, findProgram, postgresDirectories } from '../demo/servers/programs.ts'
import { runCommand } from './command.ts'

export type PackageManager = 'apt-get' | 'dnf' | 'pacman' | 'zypper' | 'brew'

interface Requirement {
  /** As people know it. */
  readonly name: string
  readonly neededFor: 'demo' | 'tests'
  present(): boolean
  readonly packages: Partial<Record<PackageManager, string>>
}

const program = (name: string) => () => findProgram(name) !== null

const REQUIREMENTS: readonly Requirement[] = [
  {
    name: 'PostgreSQL',
    neededFor: 'demo',
    present: () => findProgram('postgres', postgresDirectories()) !== null,
    packages: {
      'apt-get': 'postgresql',
      dnf: 'postgresql-server',
      pacman: 'postgresql',
      zypper: 'postgresql-server',
      brew: 'postgresql@17',
    },
  },
  {
    name: 'Redis',
    neededFor: 'demo',
    present: program('redis-server'),
    packages: { 'apt-get': 'redis-server', dnf: 'redis', pacman: 'redis', zypper: 'redis', brew: 'redis' },
  },
  {
    name: 'sshd',
    neededFor: 'demo',
    present: program('sshd'),
    packages: {
      'apt-get': 'openssh-server',
      dnf: 'openssh-server',
      pacman: 'openssh',
      zypper: 'openssh-server',
    },
  },
  {
    name: 'ssh',
    neededFor: 'demo',
    present: () => program('ssh')() && program('ssh-keygen')(),
    packages: {
      'apt-get': 'openssh-client',
      dnf: 'openssh-clients',
      pacman: 'openssh',
      zypper: 'openssh-clients',
    },
  },
  {
    name: 'OpenSSL',
    neededFor: 'demo',
    present: program('openssl'),
    packages: { 'apt-get': 'openssl', dnf: 'openssl', pacman: 'openssl', zypper: 'openssl', brew: 'openssl' },
  },
  {
    name: 'Chromium',
    neededFor: 'tests',
    present: () => findProgram('chromium') !== null,
    packages: {
      'apt-get': 'chromium',
      dnf: 'chromium',
      pacman: 'chromium',
      zypper: 'chromium',
      brew: 'chromium',
    },
  },
  {
    name: 'PgBouncer',
    neededFor: 'tests',
    present: program('pgbouncer'),
    packages: {
      'apt-get': 'pgbouncer',
      dnf: 'pgbouncer',
      pacman: 'pgbouncer',
      zypper: 'pgbouncer',
      brew: 'pgbouncer',
    },
  },
  {
    name: 'PAM with one-time codes',
    neededFor: 'tests',
    present: () => findPamModule('pam_google_authenticator.so') !== null,
    packages: {
      'apt-get': 'libpam-google-authenticator',
      dnf: 'google-authenticator',
      pacman: 'libpam-google-authenticator',
      zypper: 'google-authenticator-libpam',
    },
  },
  {
    name: 'Podman',
    neededFor: 'tests',
    present: program('podman'),
    packages: { 'apt-get': 'podman', dnf: 'podman', pacman: 'podman', zypper: 'podman' },
  },
  {
    name: "Docker's daemon",
    neededFor: 'tests',
    present: () => program('dockerd')() && program('docker')(),
    packages: { 'apt-get': 'docker.io', dnf: 'moby-engine', pacman: 'docker', zypper: 'docker' },
  },
  {
    name: 'libfaketime',
    neededFor: 'tests',
    present: () => findFakeTime() !== null,
    packages: {
      'apt-get': 'libfaketime',
      dnf: 'libfaketime',
      pacman: 'libfaketime',
      zypper: 'libfaketime',
    },
  },
  {
    name: "a writer of systemd's journal",
    neededFor: 'tests',
    present: () => existsSync('/usr/lib/systemd/systemd-journal-remote'),
    packages: { 'apt-get': 'systemd-journal-remote', dnf: 'systemd-journal-remote' },
  },
  {
    name: 'the PostgreSQL exporter of Prometheus',
    neededFor: 'tests',
    present: program('prometheus-postgres-exporter'),
    packages: { 'apt-get': 'prometheus-postgres-exporter' },
  },
  {
    name: 'the Redis exporter of Prometheus',
    neededFor: 'tests',
    present: program('prometheus-redis-exporter'),
    packages: { 'apt-get': 'prometheus-redis-exporter' },
  },
  {
    name: 'the node exporter of Prometheus',
    neededFor: 'tests',
    present: program('prometheus-node-exporter'),
    packages: { 'apt-get': 'prometheus-node-exporter' },
  },
  {
    name: 'Alertmanager',
    neededFor: 'tests',
    present: program('prometheus-alertmanager'),
    packages: { 'apt-get': 'prometheus-alertmanager' },
  },
  {
    name: 'nginx',
    neededFor: 'tests',
    present: program('nginx'),
    packages: { 'apt-get': 'nginx', dnf: 'nginx', pacman: 'nginx', zypper: 'nginx', brew: 'nginx' },
  },
  {
    name: 'Caddy',
    neededFor: 'tests',
    present: program('caddy'),
    packages: { 'apt-get': 'caddy', dnf: 'caddy', pacman: 'caddy', zypper: 'caddy', brew: 'caddy' },
  },
  {
    name: 'age',
    neededFor: 'tests',
    present: program('age'),
    packages: { 'apt-get': 'age', dnf: 'age', pacman: 'age', zypper: 'age', brew: 'age' },
  },
  {
    // A login shell that reads quotes in its own way.
    name: 'fish',
    neededFor: 'tests',
    present: program('fish'),
    packages: { 'apt-get': 'fish', dnf: 'fish', pacman: 'fish', zypper: 'fish', brew: 'fish' },
  },
]

/** Which of what is needed is missing. */
function missing(forWhat: 'demo' | 'tests'): Requirement[] {
  return REQUIREMENTS.filter(
    ({ neededFor, present }) => (forWhat === 'tests' || neededFor === 'demo') && !present(),
  )
}

/**
 * The command that installs packages with a manager, as somebody would type it.
 * @param root whether it is typed by root, who needs no `sudo`
 */
export function installCommand(manager: PackageManager, packages: readonly string[], root: boolean): string {
  const verbs: Record<PackageManager, string> = {
    'apt-get': 'apt-get install -y',
    dnf: 'dnf install -y',
    pacman: 'pacman -S --needed',
    zypper: 'zypper install -y',
    brew: 'brew install',
  }
  const sudo = root || manager === 'brew' ? '' : 'sudo '
  return `${sudo}${verbs[manager]} ${[...new Set(packages)].join(' ')}`
}

function findManager(): PackageManager | null {
  const managers: PackageManager[] =
    process.platform === 'darwin' ? ['brew'] : ['apt-get', 'dnf', 'pacman', 'zypper']
  return managers.find((manager) => findProgram(manager) !== null) ?? null
}

/** Debian or Ubuntu, where the packages' names are known to be these. */
function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Makes sure that everything is there. Says what it does, or what to do. @returns whether it is */
export async function meetRequirements(forWhat: 'demo' | 'tests'): Promise<boolean> {
  const before = missing(forWhat)
  if (before.length === 0) return true
  const names = before.map(({ name }) => name).join(', ')
  if (process.platform === 'win32') {
    console.error(
      `The demo needs ${names}, which Windows does not have: run it in WSL, with Debian or Ubuntu.`,
    )
    return false
  }
  const manager = findManager()
  const packages = before.flatMap((requirement) => (manager && requirement.packages[manager]) ?? [])
  const root = process.getuid?.() === 0
  if (manager === 'apt-get' && root && isDebian()) {
    console.log(`Installing ${names} (once) …`)
    const failure = await installWithApt(packages)
    const after = missing(forWhat)
    if (after.length === 0) return true
    console.error(failure ?? '')
    console.error(`Still missing: ${after.map(({ name }) => name).join(', ')}.`)
  } else {
    console.error(`Missing on this machine: ${names}.`)
  }
  const unknown = before.filter(({ packages: known }) => manager === null || known[manager] === undefined)
  if (manager !== null && packages.length > 0) {
    console.error(`Install with: ${installCommand(manager, packages, root)}`)
  }
  if (unknown.length > 0) {
    console.error(`Install as this system does: ${unknown.map(({ name }) => name).join(', ')}`)
  }
  return false
}

/** Its services are installed, not started: we start our own, and leave nothing running. */
async function installWithApt(packages: readonly string[]): Promise<string | null> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const wait = ['-o', 'DPkg::Lock::Timeout=120']
    const update = await runCommand('apt-get', [...wait, '-qq', 'update'], { env })
    const install = await runCommand(
      'apt-get',
      [...wait, '-qq', 'install', '-y', '--no-install-recommends', ...new Set(packages)],
      { env },
    )
    return install.code === 0
      ? null
      : lastLines(update.code === 0 ? install.output : update.output + install.output)
  } finally {
    if (ours) await rm(policy, { force: true })
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-10).join('\n')
}
