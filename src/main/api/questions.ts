/** What servers ask of people while Vakhta logs in. */
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'

export function implementQuestions({ questions }: Procedures, engine: Engine) {
  function gone(id: string): Refusal {
    return new Refusal('NOT_FOUND', 'no-question', {}, { what: 'question', name: id })
  }

  return {
    list: questions.list.handler(() => ({ items: engine.questions.list(), nextCursor: null })),
    answer: questions.answer.handler(({ input: { id, answers } }) => {
      if (!engine.questions.answer(id, answers)) throw gone(id)
      return { id }
    }),
    dismiss: questions.dismiss.handler(({ input: { id } }) => {
      if (!engine.questions.dismiss(id)) throw gone(id)
      return { id }
    }),
  }
}
