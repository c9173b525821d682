/** What somebody chose in a part of the screen (a filter, an order) stays chosen while that part is away. */
import { createContext, type ReactNode, useContext, useState } from 'react'

const Kept = createContext<Map<string, unknown> | null>(null)

/** Keeps for as long as it is there itself; give it a `key` where what is below belongs to something. */
export function KeptChoices({ children }: { readonly children: ReactNode }) {
  const [kept] = useState(() => new Map<string, unknown>())
  return <Kept value={kept}>{children}</Kept>
}

/**
 * As `useState`, kept under a name of its own.
 * @param first what is chosen at first; `kept` is what was chosen before, if anything was
 */
export function useKept<Choice>(
  name: string,
  first: (kept: Choice | undefined) => Choice,
): [Choice, (choice: Choice) => void] {
  const kept = useContext(Kept)
  // Only what was chosen under this name is kept under it.
  const [choice, setChoice] = useState(() => first(kept?.get(name) as Choice | undefined))
  return [
    choice,
    (next) => {
      kept?.set(name, next)
      setChoice(next)
    },
  ]
}
