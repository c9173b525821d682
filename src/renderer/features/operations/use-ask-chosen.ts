/** Asks for an operation whose options are chosen in a dialog of its own: its plan leads back there, and what was said of it by then is said again with the next one. */
import { useState } from 'react'
import { type Asked, useAskOperation } from './OperationAsking.tsx'
import { NOTHING_SAID } from './said.ts'

export function useAskChosen() {
  const askOperation = useAskOperation()
  const [isOpen, setOpen] = useState(false)
  const [said, setSaid] = useState(NOTHING_SAID)
  return {
    isOpen,
    open() {
      setSaid(NOTHING_SAID)
      setOpen(true)
    },
    close: () => setOpen(false),
    ask(asked: Omit<Asked, 'said' | 'onBack'>) {
      setOpen(false)
      askOperation({
        ...{ ...asked, said },
        onBack(now) {
          setSaid(now)
          setOpen(true)
        },
      })
    },
  }
}
