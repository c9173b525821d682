/** What is run on the machine of a service: to see where and as whom, and to restart it. A list of arguments each, quoted by the one function there is. */
import type { Restart } from '#shared/model/profile/restart.ts'
import { COMPOSE_CONTAINERS } from '../../runs/compose-containers.ts'
import type { RunPlace } from '../../runs/places.ts'

/** What a program says of itself that is kept: its end, where the reason mostly stands. */
const SAID_BYTES = 4_000

/**
 * Where the processes of the service are looked for: containers and units are found as those of logs are; of a command nothing is known but what it says.
 */
export function placeOf(service: string, { over, compose, unit, user }: Restart): RunPlace | null {
  const named = { name: service, over }
  if (compose !== undefined) {
    const { directory: project, service: of } = compose
    return { ...named, what: { kind: 'compose', label: 'project.working_dir', project, service: of } }
  }
  if (unit === undefined) return null
  return { ...named, what: { kind: 'unit', unit, user: user === true } }
}

/** The program as people would type it. */
export function shownOf({ compose, unit, user, command }: Restart): string {
  if (compose !== undefined) return `docker compose restart ${compose.service}`
  if (unit !== undefined) return `systemctl ${user === true ? '--user ' : ''}restart ${unit}`
  return (command ?? []).join(' ')
}

export function directoryOf({ compose, directory }: Restart): string | null {
  return compose?.directory ?? directory ?? null
}

/** Says who is logged in there, and fails where the directory is missing. `$1`: the directory, or nothing. */
const SURROUNDINGS = 'id -un; if [ -n "$1" ]; then cd -- "$1"; fi'

export function surroundingsOf(restart: Restart): string[] {
  return ['sh', '-c', SURROUNDINGS, 'sh', directoryOf(restart) ?? '']
}

/**
 * Output goes through a file: a service that its starter leaves behind keeps a pipe open for as long as it lives. `$1`: seconds, `$2`: the directory, or nothing.
 */
const BOUNDED = `
LC_ALL=C; export LC_ALL
seconds=$1; if [ -n "$2" ]; then cd -- "$2" || exit 125; fi; shift 2
said=$(mktemp) || exit 125
trap 'rm -f "$said"' EXIT
run() {
  if command -v timeout >/dev/null 2>&1; then timeout -k 5 "$seconds" "$@"; else "$@"; fi >"$said" 2>&1 </dev/null
  code=$?; tail -c ${SAID_BYTES} "$said"; exit $code
}
`

/** Of a declared command: run as it is. */
const COMMAND = `${BOUNDED}run "$@"`

/** A unit of the system takes root, or a right to become that without a password. */
const UNIT = `${BOUNDED}
XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}; export XDG_RUNTIME_DIR
if [ "$1" = user ]; then run systemctl --user restart -- "$2"; fi
if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null 2>&1; then run sudo -n systemctl restart -- "$2"; fi
run systemctl restart -- "$2"`

/**
 * By the engine that knows the containers of the project and service: with its Compose where that is installed, else the containers themselves: those that run, as what
 * somebody stopped beside them is to stay so; where none does, all of them.
 */
const COMPOSE = `${BOUNDED}${COMPOSE_CONTAINERS}
for program in docker podman; do
  command -v $program >/dev/null 2>&1 || continue
  ids=$(listed $program project.working_dir "$PWD" "$1" --all 2>/dev/null)
  [ -n "$ids" ] || continue
  running=$(listed $program project.working_dir "$PWD" "$1" 2>/dev/null)
  if [ $program = docker ] && docker compose version >/dev/null 2>&1; then run docker compose restart -- "$1"; fi
  if [ $program = podman ] && command -v podman-compose >/dev/null 2>&1; then run podman-compose restart "$1"; fi
  run $program restart \${running:-$ids}
done
echo 'no container of that project and service is known there'; exit 126`

export function restartOf(restart: Restart, seconds: number): string[] {
  const { compose, unit, user, command } = restart
  const bounds = ['sh', String(seconds), directoryOf(restart) ?? '']
  if (compose !== undefined) return ['sh', '-c', COMPOSE, ...bounds, compose.service]
  if (unit !== undefined) return ['sh', '-c', UNIT, ...bounds, user === true ? 'user' : 'system', unit]
  return ['sh', '-c', COMMAND, ...bounds, ...(command ?? [])]
}

/** What prints something else after each start. */
export function identityOf(restart: Restart, seconds: number): string[] | null {
  if (restart.identity === undefined) return null
  return ['sh', '-c', COMMAND, 'sh', String(seconds), directoryOf(restart) ?? '', ...restart.identity]
}
