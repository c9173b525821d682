/** Whoever asks for an operation, wherever on a screen: its dialog stands above the screen, and outlives the row that asked. */
import { createContext, type ReactNode, useContext, useState } from 'react'
import type { OperationFacts, OperationKind } from '#shared/model/operation.ts'
import { OperationDialog } from './OperationDialog.tsx'
import type { Said } from './said.ts'

export interface Asked {
  readonly kind: OperationKind
  readonly deployment: string
  readonly options: OperationFacts
  /** What it is called where that is not its kind's own name. */
  readonly called?: { readonly title: string; readonly submit: string }
  /** What the options were chosen in: its plan was read, and something else is wanted. */
  readonly onBack?: (said: Said) => void
  /** What was said of it before something else was chosen. */
  readonly said?: Said
}

type Ask = (asked: Asked) => void

const Asking = createContext<Ask>(() => {
  throw new TypeError('an operation is asked for outside of OperationAsking')
})

/** Opens the dialog that shows what an operation would do, and begins it. */
export function useAskOperation(): Ask {
  return useContext(Asking)
}

export function OperationAsking({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const onBack = asked?.onBack
  return (
    <Asking value={setAsked}>
      {children}
      {asked !== null && (
        <OperationDialog
          {...asked}
          {...(onBack !== undefined && {
            onBack(said: Said) {
              setAsked(null)
              onBack(said)
            },
          })}
          onClose={() => setAsked(null)}
        />
      )}
    </Asking>
  )
}
