/** What somebody chose in a part of the screen (a filter, an order) stays chosen while another part is looked at. */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'

interface Choices {
  readonly chosen: Map<string, unknown>
  /** What the names below stand behind. */
  readonly of: string
}

const Kept = createContext<Choices | null>(null)

/** The outermost keeps for as long as it is there; one within it keeps what belongs to something apart from the rest. */
export function KeptChoices({ of, children }: { readonly of: string; readonly children: ReactNode }) {
  const around = useContext(Kept)
  const [own] = useState(() => new Map<string, unknown>())
  const kept = useMemo(
    () => (around === null ? { chosen: own, of } : { chosen: around.chosen, of: `${around.of}/${of}` }),
    [around, own, of],
  )
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
  const place = `${kept?.of ?? ''}/${name}`
  // Only what was chosen under this name is kept under it.
  const [choice, setChoice] = useState(() => first(kept?.chosen.get(place) as Choice | undefined))
  return [
    choice,
    (next) => {
      kept?.chosen.set(place, next)
      setChoice(next)
    },
  ]
}
