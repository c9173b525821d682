/** The form of a deployment: its parts, "test connection" hop by hop, and saving. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalOf } from '../../../client/client.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { ReachTestPanel } from '../../reach/ReachTestPanel.tsx'
import { useReachTest } from '../../reach/use-reach-test.ts'
import classes from '../settings.module.css'
import { BackupFields } from './BackupFields.tsx'
import type { Draft } from './draft.ts'
import { ExpositionFields } from './ExpositionFields.tsx'
import own from './form.module.css'
import { GeneralFields } from './GeneralFields.tsx'
import { HostFields } from './HostFields.tsx'
import { issuesOf } from './issues-of.ts'
import { LimitFields } from './LimitFields.tsx'
import { LogFields } from './LogFields.tsx'
import { PostgresFields } from './PostgresFields.tsx'
import { type Pasted, PastedSecrets } from './pasted-secrets.ts'
import { RedisFields } from './RedisFields.tsx'
import { ServiceFields } from './ServiceFields.tsx'
import { SshFields } from './SshFields.tsx'
import { SoughtField } from './sought-field.ts'
import { useDeploymentForm } from './use-deployment-form.ts'

interface Props {
  readonly initial: Draft
  /** The deployment that it takes the place of; `null` for a new one. */
  readonly replaces: string | null
  /** Secrets that stood in what was pasted; they go into the vault with the rest. */
  readonly pasted?: Pasted | null
  /** The field that somebody came for. */
  readonly field?: string | null
  readonly onSaved: (name: string) => void
  readonly onCancel: () => void
}

export function DeploymentForm({ initial, replaces, pasted = null, field = null, onSaved, onCancel }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { form, elsewhere, refusals, showIssues, prepare } = useDeploymentForm(initial)
  const test = useReachTest()
  const draft = pasted?.draft ?? null
  const keep = useMutation(useApi().deployments.save.mutationOptions())
  const save = useMutation({
    mutationFn: async () => {
      const profile = await prepare()
      return profile === null ? null : keep.mutateAsync({ profile, replaces, draft })
    },
    onSuccess: (saved) => saved !== null && onSaved(saved.name),
    onError: (error) => showIssues(issuesOf(error)),
  })
  const walk = useMutation({
    mutationFn: async () => {
      const profile = await prepare()
      if (profile !== null) await test.run(profile, draft)
    },
  })
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refusals > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refusals])
  useEffect(() => {
    if (field !== null && element.current !== null) goToField(element.current, field)
  }, [field])
  const failure = save.error ?? walk.error
  const faulty = Object.keys(form.errors).length > 0 || elsewhere.length > 0

  return (
    <form
      ref={element}
      className={own.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <PastedSecrets value={pasted}>
        <SoughtField value={field}>
          <GeneralFields form={form} />
          <SshFields form={form} />
          <ServiceFields form={form} />
          <PostgresFields form={form} />
          <RedisFields form={form} />
          <HostFields form={form} />
          <ExpositionFields form={form} />
          <LogFields form={form} />
          <LimitFields form={form} />
          <BackupFields form={form} />
        </SoughtField>
      </PastedSecrets>
      <ReachTestPanel test={test} name={form.getValues().name} onRepeat={() => walk.mutate()} />
      {faulty && (
        <div role="alert" className={classes.failed}>
          {t('form.faulty')}
          {elsewhere.map(({ path, message }) => (
            <p key={path}>{path === '' ? message : `${path}: ${message}`}</p>
          ))}
        </div>
      )}
      {failure !== null && refusalOf(failure)?.code !== 'UNPROCESSABLE' && (
        <p role="alert" className={classes.failed}>
          {errorText(failure)}
        </p>
      )}
      <div className={own.foot}>
        <Button type="submit" loading={save.isPending}>
          {t(replaces === null ? 'form.add' : 'form.save')}
        </Button>
        <Button
          variant="default"
          disabled={test.state.status === 'running'}
          loading={walk.isPending && test.state.status !== 'running'}
          onClick={() => walk.mutate()}
        >
          {t('form.test')}
        </Button>
        <Button variant="subtle" onClick={onCancel} ml="auto">
          {t('settings.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Brings a field into view and focuses it; of a part, its first field. */
function goToField(form: HTMLElement, path: string): void {
  const fields = [...form.querySelectorAll<HTMLElement>('[data-path]')]
  const isAt = ({ dataset }: HTMLElement) => dataset.path === path || dataset.path?.startsWith(`${path}.`)
  const found = fields.find(isAt)
  found?.scrollIntoView({ block: 'center' })
  const input =
    found?.matches('input, textarea') === true ? found : found?.querySelector<HTMLElement>('input')
  input?.focus({ preventScroll: true })
}
