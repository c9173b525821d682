/** What descends from a process, on Linux and macOS. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Process ids below `pid` that still run: its children, then theirs. */
export function descendantsOf(pid: number): number[] {
  const parents = process.platform === 'linux' ? fromProc() : fromPs()
  const found: number[] = []
  for (let generation = [pid]; generation.length > 0; ) {
    generation = [...parents].filter(([, parent]) => generation.includes(parent)).map(([child]) => child)
    found.push(...generation)
  }
  return found
}

/** The children of `pid` that still run. */
export function childrenOf(pid: number): number[] {
  const parents = process.platform === 'linux' ? fromProc() : fromPs()
  return [...parents].filter(([, parent]) => parent === pid).map(([child]) => child)
}

function fromProc(): Map<number, number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8')
      const state = /^State:\s+(\w)/m.exec(status)?.[1]
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1]
      if (state !== 'Z' && parent !== undefined) parents.set(Number(name), Number(parent))
    } catch {} // ended while we looked
  }
  return parents
}

function fromPs(): Map<number, number> {
  const parents = new Map<number, number>()
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).split('\n')) {
    const [pid, parent, state] = line.trim().split(/\s+/)
    if (pid !== undefined && parent !== undefined && !state?.startsWith('Z'))
      parents.set(Number(pid), Number(parent))
  }
  return parents
}
