// @vitest-environment jsdom
import '../support/browser-parts.ts'
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { afterEach, expect, it } from 'vitest'
import type { ChosenTable } from '../../../../src/renderer/features/backups/restore/modes/mode.ts'
import { TableChoice } from '../../../../src/renderer/features/backups/restore/modes/TableChoice.tsx'
import type { Language } from '../../../../src/shared/locales/languages.ts'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'

const named = (name: string) => ({ schema: 'public', name })
const [events, events2026] = [named('events'), named('events_2026')]
const TABLES = [
  { ...named('apples'), rows: 5, partitions: null, partOf: [] },
  { ...events, rows: 1321, partitions: 3, partOf: [] },
  { ...named('events_2025'), rows: 1001, partitions: null, partOf: [events] },
  { ...events2026, rows: 320, partitions: 2, partOf: [events] },
  { ...named('events_2026_a'), rows: 20, partitions: null, partOf: [events2026, events] },
  { ...named('events_2026_b'), rows: 300, partitions: null, partOf: [events2026, events] },
]

afterEach(cleanup)

function open(language: Language = 'en') {
  let chosen: readonly ChosenTable[] = []
  function Choice() {
    const [tables, setTables] = useState<readonly ChosenTable[]>([])
    chosen = tables
    return (
      <TableChoice
        {...{ tables: TABLES, total: TABLES.length, chosen: tables, isFull: false }}
        {...{ onChoose: setTables, onEnd() {} }}
      />
    )
  }
  render(
    <I18nextProvider i18n={createTranslator(language)}>
      <MantineProvider env="test">
        <Choice />
      </MantineProvider>
    </I18nextProvider>,
  )
  return { names: () => chosen.map(({ name }) => name) }
}

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name: `public.${name}` })
const said = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent)

it('says of a partitioned table how many partitions it stands for, and of a partition what it is of', () => {
  open()
  expect(said()).toEqual([
    'public.apples5 rows',
    'public.events1,321 rows · 3 partitions',
    'public.events_20251,001 rows · partition of public.events',
    'public.events_2026320 rows · 2 partitions · partition of public.events',
    'public.events_2026_a20 rows · partition of public.events_2026',
    'public.events_2026_b300 rows · partition of public.events_2026',
  ])
})

it('says so in Russian, too', () => {
  open('ru')
  fireEvent.click(box('events_2026'))
  expect(said().slice(1, 5)).toEqual([
    `public.events${new Intl.NumberFormat('ru').format(1321)} строка · 3 секции`,
    `public.events_2025${new Intl.NumberFormat('ru').format(1001)} строка · секция таблицы public.events`,
    'public.events_2026320 строк · 2 секции · секция таблицы public.events',
    'public.events_2026_a20 строк · выбрана вместе с public.events_2026',
  ])
})

it('has a partitioned table chosen stand for its partitions, which are not chosen besides', () => {
  const { names } = open()
  for (const name of ['apples', 'events_2026_a', 'events_2025', 'events_2026']) fireEvent.click(box(name))
  expect(names()).toEqual(['apples', 'events_2025', 'events_2026'])
  fireEvent.click(box('events'))
  expect(names()).toEqual(['apples', 'events'])
  expect(screen.getAllByText(/chosen with public.events$/)).toHaveLength(4)
  for (const name of ['events_2025', 'events_2026', 'events_2026_b']) {
    expect(box(name).checked).toBe(true)
    expect(box(name).getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(box(name))
    expect(box(name).checked).toBe(true)
  }
  expect(names()).toEqual(['apples', 'events'])
  fireEvent.click(box('events'))
  expect(names()).toEqual(['apples'])
  expect(box('events_2025').checked).toBe(false)
})
