import type { operations as english } from '../en/operations.ts'
import type { Translated } from '../plurals.ts'

export const operations: Translated<typeof english> = {
  'kind-cancel-query': 'Отмена запроса',
  'kind-terminate-backend': 'Завершение сеанса',

  'step-cancel': 'Отменить запрос',
  'step-terminate': 'Завершить сеанс',

  'asks-foreign':
    'То, с чем работает шаг «{{step}}», изменил кто-то другой. Посмотрите на цель и затем продолжите, откатите сделанное или оставьте всё как есть.',
  'asks-partial':
    'Шаг «{{step}}» прервался посередине, и продолжить его нельзя. Откатите его или оставьте всё как есть.',
  'step-bug': 'Шаг «{{step}}» сломался внутри самой консоли, чего быть не должно. Причина — в её журнале.',
  'deployment-paused':
    'Наблюдение за «{{name}}» приостановлено, поэтому с ним ничего не делают. Сначала возобновите наблюдение.',
  'deployment-opening': 'Соединения с «{{name}}» как раз открываются. Повторите чуть позже.',
}
