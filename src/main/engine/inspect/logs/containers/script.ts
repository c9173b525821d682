/** What is run on the machine to read what containers print: Docker's command line, or Podman's, which is the same. */

import { randomBytes } from 'node:crypto'
import { failed } from '../../../reach/failed.ts'
import { readZone, type Zone } from '../moments.ts'
import { type Errand, MARGIN_BYTES, REMOTE_SECONDS } from '../reader.ts'

export type Containers =
  | { readonly name: string }
  | { readonly label: 'project' | 'project.working_dir'; readonly of: string; readonly service: string }

/** Of a service that runs in more, the rest is not read. */
const MOST_CONTAINERS = 20
/** How the script ends where a program answered, and the service has no container. */
const NONE_OF_SERVICE = 3

/**
 * Both streams of a container go the same way, so that their order is that of the times before the lines. What the program itself
 * says goes that way too: how it ended tells the one from the other. Programs that are there and know nothing of the container are
 * passed over; what the last one said is told.
 */
const SCRIPT = `
LC_ALL=C; export LC_ALL
mark=$1 lines=$2 bytes=$3 name=$4 label=$5 of=$6 service=$7; shift 7
bounded() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 ${REMOTE_SECONDS} "$@"; else "$@"; fi; }
at() { printf '\\n%s %s\\n' "$mark" "$1"; }
said() { bounded $program logs --timestamps "$@" 2>&1; echo $? >&4; }
exec 3>&1
at zone; date '+%z %Z'
at user; id -un
known= answered=
for program in docker podman; do
  command -v $program >/dev/null 2>&1 || continue
  known=1
  if [ -n "$name" ]; then ids=$name
  else
    ids=$(bounded $program ps --all --quiet --filter "label=com.docker.compose.$label=$of" --filter "label=com.docker.compose.service=$service") && answered=1
    ids=$(printf '%s' "$ids" | head -n ${MOST_CONTAINERS})
    [ -n "$ids" ] || continue
  fi
  bounded $program container inspect --format '{{.Id}} {{.Created}}' $ids >/dev/null || continue
  at program; echo $program
  at containers; bounded $program container inspect --format '{{.Id}}|{{.Created}}|{{.Name}}' $ids
  for id in $ids; do
    at "lines"
    if [ "$lines" = 0 ]; then ended=$({ said "$@" "$id" | head -c "$bytes" >&3; } 4>&1)
    else ended=$({ said "$@" "$id" | tail -n "$lines" | tail -c "$bytes" >&3; } 4>&1)
    fi
    at ended; echo "$ended"
  done
  at done
  exit 0
done
[ -n "$known" ] || exit 127
[ -z "$answered" ] || exit ${NONE_OF_SERVICE}
exit 1`

export interface Printed {
  readonly zone: Zone
  readonly user: string
  /** When the first of them was made; nothing is older. */
  readonly createdAt: number | null
  /** What each printed, in the order of the containers; the times stand before the lines. */
  readonly outputs: readonly { readonly name: string; readonly text: string; readonly full: boolean }[]
  readonly bytes: number
}

export async function print(
  errand: Errand,
  containers: Containers,
  options: {
    /** As the command line takes them: `--since=…`. */
    readonly arguments: readonly string[]
    /** The last so many lines; `null`: the first bytes. */
    readonly last: number | null
    readonly bytes: number
  },
): Promise<Printed> {
  const { session, place, signal, remainingMs } = errand
  const mark = `=${randomBytes(9).toString('hex')}=`
  const chosen =
    'name' in containers
      ? [containers.name, '', '', '']
      : ['', containers.label, containers.of, containers.service]
  const argv = ['sh', '-c', SCRIPT, 'sh', mark, String(options.last ?? 0), String(options.bytes), ...chosen]
  const maxBytes = options.bytes * MOST_CONTAINERS + MARGIN_BYTES
  const answer = await session.run([...argv, ...options.arguments], {
    signal,
    timeoutMs: remainingMs(),
    maxBytes,
  })
  const sections = answer.stdout.split(`\n${mark} `).map((section): [string, string] => {
    const end = section.indexOf('\n')
    return [section.slice(0, end), section.slice(end + 1)]
  })
  const text = (name: string) => sections.find(([one]) => one === name)?.[1].trim() ?? ''
  const user = text('user') || '?'
  if (!sections.some(([name]) => name === 'containers')) {
    throw refusal(answer.code, answer.stderr)
  }
  const told = text('containers')
    .split('\n')
    .map((line) => line.split('|'))
  const created = told.map(([, at = '']) => createdAt(at)).filter((at) => at !== null)
  const ends = sections.filter(([name]) => name === 'ended').map(([, code]) => Number(code))
  const outputs = sections
    .filter(([name]) => name === 'lines')
    .map(([, printed], index) => ({
      name: (told[index]?.[2] ?? '').replace(/^\//, ''),
      text: printed,
      full: Buffer.byteLength(printed) >= options.bytes,
    }))
  const unread = outputs.findIndex((output, index) => isRefusal(output, ends[index]))
  if (unread >= 0) throw refusal(ends[unread] ?? null, outputs[unread]?.text ?? '')
  return {
    zone: readZone(text('zone')),
    user,
    createdAt: created.length === told.length ? Math.min(...created) : null,
    outputs,
    bytes: answer.output.length,
  }

  function refusal(code: number | null, stderr: string): Error {
    const words = stderr.trim().split('\n').at(-1)?.slice(0, 200) || `exit code ${code ?? '–'}`
    if (code === 127) return failed(place, 'protocol', 'log-program-missing', { program: 'docker, podman' })
    const what = 'name' in containers ? containers.name : `${containers.of}: ${containers.service}`
    if (/permission denied|got permission denied/i.test(stderr)) {
      const grant = `sudo usermod -aG docker ${user}`
      return failed(place, 'privilege', 'log-forbidden', { path: what, user, grant })
    }
    // Whether it has the container, nobody knows then.
    const unreached = /^.*cannot connect to the docker daemon.*$/im.exec(stderr)?.[0]
    if (unreached !== undefined)
      return failed(place, 'protocol', 'log-unreadable', { path: what, words: unreached })
    if (code === NONE_OF_SERVICE || /no such (?:container|object)|no container with/i.test(stderr)) {
      return failed(place, 'protocol', 'log-container-missing', { container: what })
    }
    return failed(place, 'protocol', 'log-unreadable', { path: what, words })
  }
}

/** Nothing but what the program says of itself: where the engine keeps no lines (`--log-driver none`), say. */
function isRefusal({ text }: Printed['outputs'][number], code: number | undefined): boolean {
  return code !== undefined && code !== 0 && text.trim() !== '' && !/^\d{4}-\d\d-\d\dT/m.test(text)
}

/** Docker: `2026-11-28T04:00:00.123456789Z`. Podman: `2026-11-28 04:00:00.123456789 +0000 UTC`. */
function createdAt(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)/.exec(text)
  if (match === null) return null
  const [, day = '', time = '', offset = 'Z'] = match
  const at = Date.parse(`${day}T${time}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(at) ? null : at
}
