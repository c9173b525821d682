/** What the parts of a form need of it, whichever form it is: fields by their paths, faults, and the name of the whole. */
import type { UseFormReturnType } from '@mantine/form'

interface Named {
  name: string
}

export interface FormState {
  getInputProps(path: string): ReturnType<UseFormReturnType<Named>['getInputProps']>
  setFieldValue(path: string, value: string): void
  /** Its name is part of what is proposed for secrets. */
  getValues(): Readonly<Named>
  readonly errors: Readonly<Record<string, unknown>>
}
