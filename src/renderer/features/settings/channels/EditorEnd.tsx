/** The end of a form of something that may be tried: what is wrong with it, and its buttons. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../../client/error-text.ts'
import own from '../form/form.module.css'
import classes from '../settings.module.css'

interface Props {
  readonly isNew: boolean
  readonly isFaulty: boolean
  /** Faults of what has no field here. */
  readonly elsewhere: readonly string[]
  readonly failure: Error | null
  readonly isSaving: boolean
  /** Where it can be tried. */
  readonly test?: { readonly label: string; readonly isPending: boolean; readonly run: () => void }
  readonly onCancel: () => void
}

export function EditorEnd(props: Props) {
  const { isNew, isFaulty, elsewhere, failure, isSaving, test, onCancel } = props
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (
    <>
      {isFaulty && (
        <div role="alert" className={classes.failed}>
          {t('channels.faulty')}
          {elsewhere.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      {failure !== null && (
        <p role="alert" className={classes.failed}>
          {errorText(failure)}
        </p>
      )}
      <div className={own.foot}>
        <Button type="submit" loading={isSaving}>
          {t(isNew ? 'form.add' : 'form.save')}
        </Button>
        {test !== undefined && (
          <Button variant="default" loading={test.isPending} onClick={test.run}>
            {test.label}
          </Button>
        )}
        <Button variant="subtle" onClick={onCancel} ml="auto">
          {t('settings.cancel')}
        </Button>
      </div>
    </>
  )
}
