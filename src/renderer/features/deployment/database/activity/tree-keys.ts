/** Everybody in a tree of who waits for whom. */
import type { BlockingNode, BlockingTree } from '#shared/model/blocking-tree.ts'

export function keysOf({ roots, unknown }: BlockingTree): Set<string> {
  const keys = new Set(unknown.map(({ pid }) => String(pid)))
  const next: BlockingNode[] = [...roots]
  for (let node = next.pop(); node !== undefined; node = next.pop()) {
    keys.add(node.key)
    next.push(...node.waiters)
  }
  return keys
}
