/** Adds an escalation policy, or edits one: for what it is, and to whom it goes step by step. */
import { Button, Checkbox, MultiSelect, NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EscalationPolicy } from '#shared/model/escalation.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { TextField } from '../../../settings/form/Field.tsx'
import grid from '../../../settings/settings.module.css'
import { Editor } from '../Editor.tsx'
import { FormFrame } from '../FormFrame.tsx'
import { MatcherFields, type MatchersDraft, matchersDraft, matchersOf } from '../MatcherFields.tsx'
import { useSaving } from '../use-saving.ts'
import classes from '../watch.module.css'
import { targetKey, targetOf } from './targets.ts'

const MOST_STEPS = 10

/** @param name the one that is edited; `null` for a new one */
export function PolicyEditor({ name }: { name: string | null }) {
  const list = useQuery(
    useApi().escalation.list.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  )
  const known = list.data?.items.find((policy) => policy.name === name) ?? null
  return (
    <Editor kind="policy" name={name} query={list} isKnown={known !== null}>
      <Form initial={known} replaces={name} />
    </Editor>
  )
}

interface Draft {
  name: string
  enabled: boolean
  matchers: MatchersDraft
  /** Each with a number that it keeps while others come and go. */
  steps: { id: number; afterMinutes: number | string; to: string[]; louder: boolean }[]
  kept: EscalationPolicy | null
}

function draftOf(policy: EscalationPolicy | null): Draft {
  return {
    name: policy?.name ?? '',
    enabled: policy?.enabled ?? true,
    matchers: matchersDraft(policy?.matchers ?? null),
    steps: policy?.steps.map((step, id) => ({ ...step, id, to: step.to.map(targetKey) })) ?? [
      { id: 0, afterMinutes: 10, to: [], louder: false },
    ],
    kept: policy,
  }
}

function policyOf({ name, enabled, matchers, steps, kept }: Draft): Record<string, unknown> {
  return {
    ...{ name: name.trim(), enabled, matchers: matchersOf(matchers, kept?.matchers ?? null) },
    steps: steps.map(({ id: _, ...step }) => ({ ...step, to: step.to.map(targetOf) })),
  }
}

function Form({ initial, replaces }: { initial: EscalationPolicy | null; replaces: string | null }) {
  const { t } = useTranslation()
  const api = useApi()
  const { client, keys } = useConsole()
  const channels = useQuery(api.channels.list.queryOptions())
  const rotas = useQuery(api.rota.list.queryOptions())
  const targets = [
    ...(rotas.data?.items ?? []).flatMap(({ rota }) =>
      (['watch', 'next'] as const).map((kind) => ({
        value: `${kind}:${rota.name}`,
        label: t(`watch.to-${kind}`, { rota: rota.name }),
      })),
    ),
    ...(channels.data?.items ?? []).map(({ channel: { name } }) => ({
      value: `channel:${name}`,
      label: name,
    })),
  ]
  const saving = useSaving<Draft, EscalationPolicy>({
    initial: draftOf(initial),
    schema: EscalationPolicy,
    madeOf: policyOf,
    save: (policy) => client.escalation.save({ policy, replaces }),
    listed: [keys.escalation],
  })
  const { form } = saving
  const { steps } = form.getValues()
  const nextId = Math.max(...steps.map(({ id }) => id)) + 1
  const last = Number(steps.at(-1)?.afterMinutes ?? 0)
  return (
    <FormFrame saving={saving} isNew={replaces === null}>
      <div className={grid.fields}>
        <TextField form={form} path="name" span={4} label={t('form.name')} placeholder="critical" required />
        <div data-span="8" />
        <MatcherFields form={form} />
      </div>
      <fieldset>
        <legend>{t('watch.steps')}</legend>
        <ol className={classes.list}>
          {steps.map(({ id }, index) => (
            <li key={id} className={classes.step}>
              <NumberInput
                size="xs"
                label={t('watch.after-minutes')}
                aria-label={t('watch.after-minutes-of', { number: index + 1 })}
                min={0}
                max={1_440}
                allowDecimal={false}
                hideControls
                {...form.getInputProps(`steps.${index}.afterMinutes`)}
              />
              <MultiSelect
                size="xs"
                label={t('watch.to-whom')}
                aria-label={t('watch.to-whom-of', { number: index + 1 })}
                data={targets}
                searchable
                hidePickedOptions
                {...form.getInputProps(`steps.${index}.to`)}
              />
              <Checkbox
                size="xs"
                label={t('watch.louder')}
                {...form.getInputProps(`steps.${index}.louder`, { type: 'checkbox' })}
              />
              <Button
                variant="default"
                size="compact-xs"
                disabled={steps.length === 1}
                onClick={() => form.removeListItem('steps', index)}
                aria-label={t('watch.remove-step', { number: index + 1 })}
              >
                {t('watch.remove')}
              </Button>
            </li>
          ))}
        </ol>
        <Button
          variant="default"
          size="xs"
          className={classes.addStep}
          disabled={steps.length >= MOST_STEPS}
          onClick={() =>
            form.insertListItem('steps', { id: nextId, afterMinutes: last + 10, to: [], louder: false })
          }
        >
          {t('watch.add-step')}
        </Button>
      </fieldset>
      <Checkbox
        size="xs"
        label={t('watch.enabled')}
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
    </FormFrame>
  )
}
