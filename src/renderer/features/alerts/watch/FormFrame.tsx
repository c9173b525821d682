/** A form of the watch: its fields, what is wrong with them, and its buttons. */
import type { ReactNode } from 'react'
import { EditorEnd } from '../../settings/channels/EditorEnd.tsx'
import classes from '../../settings/form/form.module.css'
import type { useSaving } from './use-saving.ts'

interface Props {
  readonly saving: Pick<
    // What it is a form of does not matter here.
    ReturnType<typeof useSaving<object, unknown>>,
    'element' | 'elsewhere' | 'save' | 'done'
  > & { readonly form: { readonly errors: Record<string, unknown> } }
  readonly isNew: boolean
  readonly children: ReactNode
}

export function FormFrame({ saving, isNew, children }: Props) {
  const { form, element, elsewhere, save, done } = saving
  return (
    <form
      ref={element}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      {children}
      <EditorEnd
        isNew={isNew}
        isFaulty={Object.keys(form.errors).length > 0 || elsewhere.length > 0}
        elsewhere={elsewhere}
        failure={save.error}
        isSaving={save.isPending}
        onCancel={done}
      />
    </form>
  )
}
