/**
 * The guardian: a small shell that outlives this process by moments. It reads a pipe from here; when that closes,
 * however this process ended (SIGKILL too), it ends every process that it was told of and removes their directories.
 */
import { type ChildProcess, spawn } from 'node:child_process'

export type StopSignal = 'TERM' | 'INT' | 'QUIT'

/** Lines in: `watch PID SIGNAL`, `forget PID`, `remove DIR`, `keep DIR`. At the end of input everything goes. */
const SCRIPT = `
watched=''; directories=''; newline='
'
descendants() {
  if command -v pgrep >/dev/null 2>&1; then children=$(pgrep -P "$1")
  else children=$(for status in /proc/[0-9]*/status; do
    grep -q "^PPid:[[:space:]]*$1$" "$status" 2>/dev/null && basename "$(dirname "$status")"; done)
  fi
  for child in $children; do echo "$child"; (descendants "$child"); done
}
while IFS=' ' read -r word first second; do
  case $word in
    watch) watched="$watched $first:$second" ;;
    forget) kept=''; for entry in $watched; do [ "\${entry%%:*}" = "$first" ] || kept="$kept $entry"; done; watched=$kept ;;
    remove) directories="$directories$first\${second:+ $second}$newline" ;;
    keep) kept=''; IFS=$newline
      for entry in $directories; do [ "$entry" = "$first\${second:+ $second}" ] || kept="$kept$entry$newline"; done
      unset IFS; directories=$kept ;;
  esac
done
all=''
for entry in $watched; do all="$all \${entry%%:*} $(descendants "\${entry%%:*}")"; done
for entry in $watched; do kill -s "\${entry##*:}" "\${entry%%:*}" 2>/dev/null; done
waited=0
while [ $waited -lt 40 ]; do
  alive=''; for pid in $all; do kill -0 "$pid" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 0.1; waited=$((waited + 1))
done
for pid in $all; do kill -s KILL "$pid" 2>/dev/null; done
IFS=$newline; for directory in $directories; do
  # What is mounted there goes first.
  umount -- "$directory" 2>/dev/null
  rm -rf -- "$directory"
done
`

let guardian: ChildProcess | null = null

function tell(line: string): void {
  if (guardian === null) {
    guardian = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    })
    guardian.unref()
    // A pipe of its own must not keep this process alive, nor end it when the guardian was killed.
    const pipe = guardian.stdin
    if (pipe !== null) {
      pipe.on('error', () => {})
      if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
    }
  }
  guardian.stdin?.write(`${line}\n`)
}

/** Has the guardian end `pid`, and what descends from it, when this process is gone. */
export function watchOver(pid: number, signal: StopSignal): void {
  tell(`watch ${pid} ${signal}`)
}

/** `pid` has ended: its number may soon be somebody else's. */
export function forget(pid: number): void {
  tell(`forget ${pid}`)
}

/** Has the guardian remove a directory when this process is gone. */
export function removeAfterwards(directory: string): void {
  tell(`remove ${directory}`)
}

/** The directory was removed already. */
export function alreadyRemoved(directory: string): void {
  tell(`keep ${directory}`)
}
