// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Question } from '../../../../src/shared/model/question.ts'
import type { Played, PlayedConsole } from '../support/console-over-port.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'

const rows = [fleetRow({ name: 'shop' })]
let made = 0

function question(given: Partial<Question> = {}): Question {
  made += 1
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    hop: 'ops@bastion:22',
    instruction: 'Duo two-factor login for <b>ops</b>',
    fields: [{ label: 'Verification code: ', secret: true }],
    askedAt: Date.now() - 10_000 + made,
    expiresAt: Date.now() + 100_000,
    ...given,
  }
}

const bar = () => screen.findByRole('dialog', { name: /asks something before it lets Vakhta in/ })

/** Changes what is asked, and tells the page. */
function ask(played: Played, { answer }: PlayedConsole, questions: Question[]): void {
  played.questions = questions
  answer({ cursor: `epoch:${made}`, reset: false, changes: [{ kind: 'questions', open: questions.length }] })
}

describe('a question of a server', () => {
  it('is shown with who asks, and with the server’s own words as nothing but words', async () => {
    renderApp({ rows, questions: [question()] })
    const shown = await bar()
    expect(within(shown).getByRole('heading').textContent).toContain('ops@bastion:22')
    expect(within(shown).getByText('Duo two-factor login for <b>ops</b>').tagName).toBe('BLOCKQUOTE')
    const field = within(shown).getByLabelText('Verification code:')
    expect(field.getAttribute('type')).toBe('password')
    expect(field.getAttribute('autocomplete')).toBe('one-time-code')
    expect(within(shown).getByRole('timer').textContent).toMatch(/1\smin\s\d+\ss left/)
    await waitFor(() => expect(document.title).toMatch(/^ops@bastion:22 asks/))
  })

  it('has the focus where nobody had it, and goes with Enter', async () => {
    const one = question()
    const { answered } = renderApp({ rows, questions: [one] })
    const field = within(await bar()).getByLabelText('Verification code:')
    expect(document.activeElement).toBe(field)
    fireEvent.change(field, { target: { value: '123456' } })
    const form = field.closest('form')
    if (form === null) throw new Error('The field is in no form.')
    fireEvent.submit(form)
    await waitFor(() => expect(answered).toEqual([{ id: one.id, answers: ['123456'] }]))
  })

  it('leaves the focus to whoever types elsewhere, and is one key sequence away', async () => {
    const played: Played = { rows }
    const console = renderApp(played)
    const filter = await screen.findByRole('textbox')
    filter.focus()
    ask(played, console, [question()])
    const shown = await bar()
    expect(document.activeElement).toBe(filter)
    filter.blur()
    fireEvent.keyDown(document.body, { key: 'g', code: 'KeyG' })
    fireEvent.keyDown(document.body, { key: 'q', code: 'KeyQ' })
    expect(document.activeElement).toBe(within(shown).getByLabelText('Verification code:'))
  })

  it('is not answered with nothing: that would be an attempt lost', async () => {
    const { answered } = renderApp({ rows, questions: [question()] })
    const shown = await bar()
    const field = within(shown).getByLabelText('Verification code:')
    fireEvent.submit(field.closest('form') ?? field)
    expect(within(shown).getByRole('button', { name: 'Answer' })).toHaveProperty('disabled', true)
    expect(answered).toEqual([])
  })

  it('waits behind an older one, which says so, and comes when that is done', async () => {
    const played: Played = {
      rows,
      questions: [question({ hop: 'ops@later:22', askedAt: Date.now() }), question({ askedAt: 0 })],
    }
    const console = renderApp(played)
    const shown = await bar()
    expect(shown.textContent).toContain('ops@bastion:22')
    expect(shown.textContent).toContain('1 more after this')
    ask(played, console, (played.questions ?? []).slice(0, 1))
    await waitFor(async () => expect((await bar()).textContent).toContain('ops@later:22'))
  })

  it('can be left unanswered', async () => {
    const one = question({ fields: [] })
    const { answered } = renderApp({ rows, questions: [one] })
    const shown = await bar()
    expect(within(shown).getByRole('button', { name: 'Go on' })).toHaveProperty('disabled', false)
    fireEvent.click(within(shown).getByRole('button', { name: 'Leave unanswered' }))
    await waitFor(() => expect(answered).toEqual([{ id: one.id, answers: null }]))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(screen.queryByText(/asks that no more/)).toBeNull()
  })

  it('that somebody else answered goes, and whoever was typing is told', async () => {
    const played: Played = { rows, questions: [question()] }
    const console = renderApp(played)
    fireEvent.change(within(await bar()).getByLabelText('Verification code:'), { target: { value: '1' } })
    ask(played, console, [])
    await screen.findByText('ops@bastion:22 asks that no more')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('that was gone when the answer came says so', async () => {
    const played: Played = { rows, questions: [question()] }
    renderApp(played)
    const field = within(await bar()).getByLabelText('Verification code:')
    played.questions = []
    fireEvent.change(field, { target: { value: '1' } })
    fireEvent.submit(field.closest('form') ?? field)
    await screen.findByText('ops@bastion:22 asks that no more')
  })

  it('is not put to those who may not answer', async () => {
    const { console } = renderApp({ rows, questions: [question()], role: 'READONLY' })
    await screen.findByRole('heading', { name: 'Fleet' })
    await waitFor(() => expect(console.cache.isFetching()).toBe(0))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
