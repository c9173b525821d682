/** Тексты статистики оповещений. */
import type { uiStatistics as en } from '../en/ui-statistics.ts'
import type { Translated } from '../plurals.ts'

export const uiStatistics: Translated<typeof en> = {
  'alerts.section-statistics': 'Статистика',
  'statistics.failed': 'Прочитать статистику не удалось',
  'statistics.none-title': 'За это время ничего не сработало',
  'statistics.none-text':
    'Здесь считается, что срабатывает: по правилам, по развёртываниям и по часам недели.',
  'statistics.days': 'За',
  'statistics.days-7': '7 дней',
  'statistics.days-30': '30 дней',
  'statistics.days-90': '90 дней',
  'statistics.deployment': 'Развёртывание',
  'statistics.all': 'Все развёртывания',
  'statistics.fired_one': 'Сработало {{count, number}} раз',
  'statistics.fired_few': 'Сработало {{count, number}} раза',
  'statistics.fired_many': 'Сработало {{count, number}} раз',
  'statistics.fired_other': 'Сработало {{count, number}} раза',
  'statistics.active_one': 'сейчас активно {{count, number}}',
  'statistics.active_few': 'сейчас активны {{count, number}}',
  'statistics.active_many': 'сейчас активно {{count, number}}',
  'statistics.active_other': 'сейчас активно {{count, number}}',
  'statistics.to-acknowledge': 'половину принятых приняли за {{length}}',
  'statistics.to-resolve': 'половина закончилась за {{length}}',
  'statistics.cut': 'Их было больше, чем здесь посчитано: учтены последние.',
  'statistics.by-rule': 'По правилам',
  'statistics.by-deployment': 'По развёртываниям',
  'statistics.column-name-rule': 'Правило',
  'statistics.column-name-deployment': 'Развёртывание',
  'statistics.column-fired': 'Сработало',
  'statistics.column-active': 'Сейчас',
  'statistics.column-acknowledge': 'Пока не приняли',
  'statistics.column-resolve': 'Пока не закончилось',
  'statistics.median-hint': 'У половины времени ушло меньше.',
  'statistics.noisiest': 'Что шумит больше всего',
  'statistics.noisiest-none': 'Ничто не сработало трижды.',
  'statistics.noise_one': '{{rule}}, {{deployment}}: {{count, number}} раз',
  'statistics.noise_few': '{{rule}}, {{deployment}}: {{count, number}} раза',
  'statistics.noise_many': '{{rule}}, {{deployment}}: {{count, number}} раз',
  'statistics.noise_other': '{{rule}}, {{deployment}}: {{count, number}} раза',
  'statistics.seeking': 'На последних 7 днях проверяется, что помогло бы …',
  'statistics.wider-clear-line': 'Линия отбоя {{after}} вместо {{before}}:',
  'statistics.more-looks': 'Замеров до срабатывания {{after}} вместо {{before}}:',
  'statistics.would-have_one':
    'за последние 7 дней сработало бы {{count, number}} раз вместо {{was, number}}.',
  'statistics.would-have_few':
    'за последние 7 дней сработало бы {{count, number}} раза вместо {{was, number}}.',
  'statistics.would-have_many':
    'за последние 7 дней сработало бы {{count, number}} раз вместо {{was, number}}.',
  'statistics.would-have_other':
    'за последние 7 дней сработало бы {{count, number}} раза вместо {{was, number}}.',
  'statistics.open-editor': 'Открыть в редакторе',
  'statistics.look-into-it':
    'Ни линия отбоя, ни число замеров не сделали бы его за последние 7 дней вдвое тише: надо разбираться с тем, о чём оно говорит.',
  'statistics.not-lately': 'За последние 7 дней оно бы не сработало.',
  'statistics.not-known': 'Что сделало бы его тише, неизвестно: в истории нет того, что читает это правило.',
  'statistics.hours': 'Когда срабатывает',
  'statistics.hours-hint': 'Сколько оповещений началось в каждый час недели, пояс {{zone}}.',
  'statistics.day': 'День',
}
