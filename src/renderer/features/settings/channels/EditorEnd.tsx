/** The end of a form of something that can be tried: what is wrong with it, and its buttons. */
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
  readonly isTesting: boolean
  readonly testLabel: string
  readonly onTest: () => void
  readonly onCancel: () => void
}

export function EditorEnd(props: Props) {
  const { isNew, isFaulty, elsewhere, failure, isSaving, isTesting, testLabel, onTest, onCancel } = props
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
        <Button variant="default" loading={isTesting} onClick={onTest}>
          {testLabel}
        </Button>
        <Button variant="subtle" onClick={onCancel} ml="auto">
          {t('settings.cancel')}
        </Button>
      </div>
    </>
  )
}
