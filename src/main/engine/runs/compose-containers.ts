/** Which containers a service of a Compose project runs as: words of a shell, for all who ask a machine. */

const REMOTE_SECONDS = 5

/**
 * `listed PROGRAM LABEL PROJECT SERVICE [OPTION…]` prints their ids. What `compose run` started besides is no process of the service: it ends by itself, and a
 * migration is not to run twice.
 */
export const COMPOSE_CONTAINERS = `
bounded() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 ${REMOTE_SECONDS} "$@"; else "$@"; fi; }
listed() {
  program=$1; project=com.docker.compose.$2=$3; service=com.docker.compose.service=$4; shift 4
  once=$(bounded "$program" ps --all --quiet --filter "label=$project" --filter "label=$service" --filter label=com.docker.compose.oneoff=True)
  bounded "$program" ps --quiet "$@" --filter "label=$project" --filter "label=$service" | grep -vxF -e "$once"
}
`
