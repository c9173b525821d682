/** The language of a call: what its `Accept-Language` asks for; without one, what the host knows of the reader. */
import type { StandardHandlerInterceptorOptions } from '@orpc/server/standard'
import { chooseLanguage } from '#shared/locales/languages.ts'
import type { ApiContext } from './context.ts'

type Call<Context extends ApiContext> = StandardHandlerInterceptorOptions<Context>

/** For the `rootInterceptors` of a handler whose clients say their language with each call, because people switch it. */
export function speakAsAsked<Context extends ApiContext, Answer>({
  next,
  ...call
}: Call<Context> & { next(call: Call<Context>): Answer }): Answer {
  const asked = call.request.headers['accept-language']
  const { language } = call.context
  const context = { ...call.context, language: asked === undefined ? language : chooseLanguage(asked) }
  return next({ ...call, context } as Call<Context>)
}
