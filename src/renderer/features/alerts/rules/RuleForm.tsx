/** The form of a rule, beside what it would have done within the last week. */
import { Button, Checkbox } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useClient, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { places } from '../../../places.ts'
import { RemoveButton } from '../../settings/RemoveButton.tsx'
import { ConditionFields } from './ConditionFields.tsx'
import { definitionOf, type Rule, type RuleDraft, settingsOf } from './draft.ts'
import { faultsIn, NO_FAULTS } from './faults.ts'
import { LevelFields } from './LevelFields.tsx'
import { Rehearsal } from './Rehearsal.tsx'
import classes from './rules.module.css'
import { ScopeFields } from './ScopeFields.tsx'
import { TimingFields } from './TimingFields.tsx'
import { unitOfDraft } from './unit.ts'
import { useRehearsal } from './use-rehearsal.ts'

interface Props {
  /** `null`: a new one. */
  readonly rule: Rule | null
  readonly initial: RuleDraft
  /** Where it is rehearsed at first; `null`: anywhere. */
  readonly deployment: string | null
}

export function RuleForm({ rule, initial, deployment }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const client = useClient()
  const keys = useKeys()
  const cache = useQueryClient()
  const [, go] = useLocation()
  const mayChange = useMay('ADMIN')
  const form = useForm<RuleDraft>({ initialValues: initial })
  const draft = form.getValues()
  const ofCatalogue = rule?.isBuiltIn === true ? rule : null
  const definition = definitionOf(draft, ofCatalogue)
  const [on, setOn] = useState(deployment)
  const [chosen, choose] = useState<Stretch | null>(null)
  const rehearsal = useRehearsal({ rule: rule?.id ?? null, definition, deployment: on, draw: chosen })
  const save = useMutation({
    mutationFn: async () => {
      if (ofCatalogue !== null)
        return client.alerts.configureRule({ rule: ofCatalogue.id, settings: settingsOf(draft) })
      return client.alerts.saveRule({ rule: rule?.id ?? null, definition })
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.rules })
      go(places.alerts('rules'))
    },
  })
  // What was refused when it was saved stands until it is saved again; else what the rehearsal found.
  const refused = faultsIn(save.error, draft)
  const faults = refused ?? faultsIn(rehearsal.error, draft) ?? NO_FAULTS
  // A field that nobody has filled in yet is not wrong yet.
  const isUntouched = rule === null && !form.isDirty() && refused === null
  const shown = isUntouched ? NO_FAULTS : faults
  const unit = unitOfDraft(draft, ofCatalogue)
  const name = rule?.name ?? ''

  return (
    <div className={classes.editor}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <ConditionFields form={form} faults={shown} rule={ofCatalogue} />
        <LevelFields form={form} faults={shown} unit={unit} />
        <TimingFields form={form} faults={shown} />
        <ScopeFields form={form} faults={shown} />
        <Checkbox
          size="xs"
          label={t('rules.enabled')}
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
        {shown.elsewhere.length > 0 && (
          <div role="alert" className={classes.failed}>
            {t('rules.faulty')}
            {shown.elsewhere.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        )}
        {save.isError && refused === null && (
          <p role="alert" className={classes.failed}>
            {errorText(save.error)}
          </p>
        )}
        <div className={classes.foot}>
          <Button type="submit" size="xs" loading={save.isPending} disabled={!mayChange}>
            {t('rules.save')}
          </Button>
          {rule !== null && mayChange && (
            <RemoveButton
              {...removal(rule.isBuiltIn)}
              remove={() =>
                client.alerts.removeRule({ rule: rule.id }).then(() => go(places.alerts('rules')))
              }
              listed={keys.rules}
            />
          )}
          {!mayChange && <span className={classes.quiet}>{t('rules.may-not')}</span>}
        </div>
      </form>
      <Rehearsal
        name={name}
        definition={definition}
        drawn={ofCatalogue?.drawn ?? null}
        unit={unit}
        deployment={rehearsal.deployment}
        onDeployment={setOn}
        chosen={chosen}
        onChoose={choose}
        rehearsal={rehearsal}
      />
    </div>
  )

  function removal(isBuiltIn: boolean) {
    const kind = isBuiltIn ? ('reset' as const) : ('remove' as const)
    return {
      label: t(`rules.${kind}`),
      longLabel: t(`rules.${kind}-name`, { name }),
      title: t(`rules.${kind}-title`, { name }),
      text: t(`rules.${kind}-text`),
    }
  }
}
