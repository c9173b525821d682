/**
 * What is run on another machine, or in a container there. The command line is one that every shell reads alike, whichever somebody logs in with: what is to be done
 * comes over standard input, read byte by byte so that what follows stays for the program. Pure.
 */
import { shellCommand } from '../../../reach/host/quote.ts'

/** A byte each so often says that somebody still wants what runs there. */
export const HEARTBEAT_MS = 15_000
/** So long without one, over a way that is silent rather than cut, and the program there is ended. */
const SILENT_SECONDS = 120
const ENDS_WITHIN_SECONDS = 3
export const ALIVE = 'a'
/** Takes the password away: it has logged in. */
export const LOGGED_IN = 'p'

/** Of a container's engine nothing but its two names: all else is in the script. */
export interface Inside {
  readonly engine: 'docker' | 'podman'
  readonly name: string
}

/** Program and arguments that run a script of so many bytes from standard input. */
export function launcher(bytes: number, inside: Inside | null): string[] {
  const sh = ['sh', '-c', `eval "$(dd bs=1 count=${bytes} 2>/dev/null)"`]
  return inside === null ? sh : [inside.engine, 'exec', '--interactive', inside.name, ...sh]
}

export interface Launch {
  readonly path: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Files that only its user can read, for as long as it runs; their variables hold their paths. */
  readonly files: readonly { readonly variable: string; readonly name: string; readonly text: string }[]
  /** Printed before the program begins: a login may print something of its own first. */
  readonly mark: string
  /** Its standard input is what follows; else heartbeats do. */
  readonly reads: boolean
}

/** @returns the script, and what stands behind it on standard input before all else */
export function launchScript({ path, args, env, files, mark, reads }: Launch): {
  script: Buffer
  after: Buffer
} {
  const texts = files.map(({ text }) => Buffer.from(text, 'utf8'))
  const put = files.map(
    ({ name }, index) => `dd bs=1 count=${texts[index]?.length ?? 0} of="$d/${name}" 2>/dev/null || exit 125`,
  )
  const given = [
    ...Object.entries(env).map(([name, value]) => `${name}=${shellCommand([value])}`),
    ...files.map(({ variable, name }) => `${variable}="$d/${name}"`),
  ]
  const run = `$low env -i PATH="$PATH" HOME="$d" ${given.join(' ')} ${shellCommand([path, ...args])}`
  const lines = [
    'umask 077',
    // The end of a directory's name is made up there: whoever knows it cannot have made one before.
    `d=$(mktemp -d "\${TMPDIR:-/tmp}/vakhta-XXXXXX") || exit 125`,
    `trap 'rm -rf "$d"' EXIT`,
    ...put,
    // Compressing yields to whatever the machine is there for.
    `low=; nice true 2>/dev/null && low='nice'`,
    `echo ${shellCommand([mark])}`,
    ...(reads ? [run, 'exit $?'] : watched(run)),
  ]
  return { script: Buffer.from(lines.join('\n'), 'utf8'), after: Buffer.concat(texts) }
}

/** Whoever watches it reads heartbeats, and ends it where they end: the way is cut, we are gone, or it is not wanted any more. */
function watched(run: string): string[] {
  return [
    'exec 3<&0',
    `${run} </dev/null 3<&- & pid=$!`,
    '(',
    // Nothing of this may keep the connection open.
    '  exec >/dev/null 2>&1',
    `  hear() { dd bs=1 count=1 <&3 2>/dev/null; }`,
    // An old BusyBox has another `timeout`.
    `  if timeout 5 true; then hear() { timeout ${SILENT_SECONDS} dd bs=1 count=1 <&3 2>/dev/null; }; fi`,
    '  while :; do',
    `    case $(hear) in ${ALIVE}) ;; ${LOGGED_IN}) rm -f "$d/password" ;; *) break ;; esac`,
    '  done',
    `  kill "$pid"; n=0`,
    `  while kill -0 "$pid" && [ $n -lt ${ENDS_WITHIN_SECONDS} ]; do sleep 1; n=$((n + 1)); done`,
    `  kill -KILL "$pid"; rm -rf "$d"`,
    ') & watch=$!',
    `trap 'kill "$pid" 2>/dev/null' HUP INT TERM`,
    'wait "$pid"; code=$?',
    // A signal to the shell ends its waiting, and not yet what is waited for.
    'while kill -0 "$pid" 2>/dev/null; do wait "$pid"; code=$?; done',
    'kill "$watch" 2>/dev/null',
    'exit $code',
  ]
}

/** Where PostgreSQL's programs lie, besides PATH: as on this machine. */
const DIRECTORIES = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
]

/** Begins each answer. */
export const FOUND = '=vakhta='
const MOST_CONTAINERS = 50
const ASK_SECONDS = 10

const BOUNDED = `bounded() { if timeout 5 true 2>/dev/null; then timeout ${ASK_SECONDS} "$@"; else "$@"; fi; }`

/** Asks each program of these names for its version: a line for its path, then what it says. */
const FIND = `
${BOUNDED}
for program in "$@"; do
  for directory in ${DIRECTORIES.join(' ')} ; do
    if [ -x "$directory/$program" ]; then echo "${FOUND}$directory/$program"; bounded "$directory/$program" --version; fi
  done
  path=$(command -v "$program") && { echo "${FOUND}$path"; bounded "$path" --version; }
done
exit 0`

/** @param programs what to look for */
export function finder(programs: readonly string[], inside: Inside | null): string[] {
  const sh = ['sh', '-c', FIND, 'sh', ...programs]
  return inside === null ? sh : [inside.engine, 'exec', inside.name, ...sh]
}

/** Docker's documentation, `docker inspect`; Podman answers alike. */
const CONTAINER =
  '{"name":{{json .Name}},"mode":{{json .HostConfig.NetworkMode}},"ports":{{json .NetworkSettings.Ports}},"networks":{{json .NetworkSettings.Networks}}}'

/** Which containers run there, and how they are reached: a line of JSON for each. */
export const CONTAINERS = [
  'sh',
  '-c',
  `
${BOUNDED}
for engine in docker podman; do
  command -v $engine >/dev/null 2>&1 || continue
  ids=$(bounded $engine ps --quiet 2>/dev/null | head -n ${MOST_CONTAINERS})
  [ -n "$ids" ] || continue
  bounded $engine container inspect --format '${FOUND}'"$engine"' ${CONTAINER}' $ids
done
exit 0`,
]
