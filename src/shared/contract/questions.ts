/** What servers ask of people while Vakhta logs in: one-time codes and the like. Answers go in and never come out. */
import { z } from 'zod'
import { Question } from '#shared/model/question.ts'
import { listOf, procedure } from './procedure.ts'

const ById = z.object({ id: z.uuid() })
const operates = () => procedure({ role: 'OPERATOR', effect: 'writes' })

export const questions = {
  list: procedure({ role: 'OPERATOR', effect: 'reads' })
    .route({
      method: 'GET',
      path: '/questions',
      tags: ['access'],
      summary: 'What servers ask while logging in, and nobody has answered',
    })
    .output(listOf(Question)),
  /** One answer for each field, in their order. Gone (404) where somebody else was quicker, or its time is over. */
  answer: operates()
    .route({
      method: 'POST',
      path: '/questions/{id}/answer',
      tags: ['access'],
      summary: 'Answer a question of a server',
    })
    .input(ById.extend({ answers: z.array(z.string().max(1_000)).max(16) }))
    .output(ById),
  /** The login fails, and is not tried again before somebody asks for it. */
  dismiss: operates()
    .route({
      method: 'POST',
      path: '/questions/{id}/dismiss',
      tags: ['access'],
      summary: 'Leave a question unanswered, which ends the login',
    })
    .input(ById)
    .output(ById),
}
