/** The field that somebody came to the form for: what it is folded away in is open from the start. */
import { createContext } from 'react'

export const SoughtField = createContext<string | null>(null)
