/**
 * What is run on a machine to learn which runs of containers and units there are: `docker` or `podman`, whichever knows
 * them, and `systemctl show`. It reads, and nothing of a container's environment leaves the machine.
 */
import { COMPOSE_CONTAINERS } from './compose-containers.ts'
import type { RunPlace } from './places.ts'

/** Of a service that runs in more, the rest is not looked at. */
const MOST_CONTAINERS = 20
/** Begins each part of the output. */
export const MARK = '=vakhta='

/** Docker's documentation, `docker inspect`; Podman answers alike. A line of JSON for each container. */
const CONTAINER = [
  '{"id":"{{.Id}}"',
  '"name":{{json .Name}}',
  '"image":{{json .Config.Image}}',
  '"imageId":{{json .Image}}',
  '"restarts":{{json .RestartCount}}',
  '"state":{{json .State.Status}}',
  '"startedAt":{{json .State.StartedAt}}',
  '"finishedAt":{{json .State.FinishedAt}}',
  '"exitCode":{{json .State.ExitCode}}',
  '"outOfMemory":{{json .State.OOMKilled}}}',
].join(',')
const IMAGE = '{"id":"{{.Id}}","digests":{{json .RepoDigests}}}'

/** systemd's manual, `org.freedesktop.systemd1`: times are those of the machine's own clock since it started. */
const UNIT = [
  'LoadState',
  'Type',
  'ActiveState',
  'InvocationID',
  'NRestarts',
  'Result',
  'ExecMainStatus',
  'ExecMainStartTimestampMonotonic',
  'InactiveEnterTimestampMonotonic',
].join(',')

/** A program that does not know a container leaves it to the next. */
const SCRIPT = `
LC_ALL=C; export LC_ALL
# A login without a terminal may not be told where its user's own systemd listens.
XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}; export XDG_RUNTIME_DIR
${COMPOSE_CONTAINERS}
echo '${MARK} uptime'; IFS= read -r line </proc/uptime && echo "$line"
containers() {
  known=
  for program in docker podman; do
    command -v $program >/dev/null 2>&1 || continue
    known=1
    if [ "$1" = container ]; then ids=$2
    else ids=$(listed $program "$2" "$3" "$4" --all | head -n ${MOST_CONTAINERS})
    fi
    [ -n "$ids" ] || continue
    told=$(bounded $program container inspect --format '${CONTAINER}' $ids) || continue
    printf '%s\\n' "$told"
    images=$(bounded $program container inspect --format '{{.Image}}' $ids | sort -u)
    echo '${MARK} images'; bounded $program image inspect --format '${IMAGE}' $images
    return
  done
  [ -n "$known" ] || echo 'neither docker nor podman is installed there' >&2
}
while [ $# -ge 4 ]; do
  echo '${MARK} place'
  case $1 in
    unit) bounded systemctl $3 show --property=${UNIT} -- "$2" ;;
    *) containers "$@" ;;
  esac
  shift 4
done
exit 0`

/** The program and its arguments, for all places of one machine. */
export function questionOf(places: readonly RunPlace[]): string[] {
  return ['sh', '-c', SCRIPT, 'sh', ...places.flatMap(({ what }) => argumentsOf(what))]
}

function argumentsOf(what: RunPlace['what']): [kind: string, string, string, string] {
  switch (what.kind) {
    case 'unit':
      return ['unit', what.unit, what.user === true ? '--user' : '', '']
    case 'container':
      return ['container', what.container, '', '']
    case 'compose':
      return ['compose', what.label, what.project, what.service]
  }
}
