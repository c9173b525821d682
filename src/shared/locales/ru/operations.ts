import type { operations as english } from '../en/operations.ts'
import type { Translated } from '../plurals.ts'

export const operations: Translated<typeof english> = {
  'kind-cancel-query': 'Отмена запроса',
  'kind-terminate-backend': 'Завершение сеанса',

  'step-cancel': 'Отменить запрос',
  'step-terminate': 'Завершить сеанс',

  'cancels-statement': 'Отменит запрос PID {{pid}} ({{application}}, {{user}}): {{statement}}',
  'ends-session':
    'Завершит сеанс PID {{pid}} ({{application}}, {{user}}) в состоянии «{{state}}»: {{statement}}',
  'rolls-back': 'Откатит его транзакцию, которой {{seconds, duration}}, со всеми её изменениями',
  'rolls-back-reads': 'Откатит его транзакцию, которой {{seconds, duration}}; она пока ничего не изменила',
  frees: 'PID {{pid}} ({{application}}) больше не будет его ждать: {{statement}}',
  'frees-more': '… всего больше {{count, number}}',
  'signal-is-final': 'Откат не вернуть; приложение получит ошибку.',
  'not-a-client': 'Это не сеанс приложения, а процесс самого PostgreSQL ({{kind}}).',
  'no-postgres': 'В профиле «{{name}}» нет PostgreSQL.',
  'no-operate':
    'В профиле «{{name}}» не указано, от чьего имени вмешиваться в работу PostgreSQL. Добавьте `operate`: отдельную роль из pg_monitor и pg_signal_backend.',
  'session-over':
    'PID {{pid}} завершился, или это уже другой сеанс либо другая транзакция, поэтому ничего не сделано. Обновите список.',
  'session-hidden': 'Роли наблюдения не виден сеанс PID {{pid}}. Включите её в pg_monitor.',
  'session-hidden-to':
    'Роли «{{user}}» не виден сеанс PID {{pid}}, а вслепую она сигналов не посылает: GRANT pg_monitor TO {{user}};',
  'cancel-idle-in-transaction':
    'PID {{pid}} не выполняет запрос, а простаивает в транзакции: PostgreSQL примет сигнал и ничего не сделает. Завершите сеанс.',
  'cancel-idle': 'PID {{pid}} не выполняет запрос: отменять нечего.',
  'signal-refused': 'PostgreSQL не послал сигнал PID {{pid}}: процесс только что завершился.',
  signalled: '{{user}} послал сигнал PID {{pid}}',
  'statement-stays':
    'PID {{pid}} получил команду отменить запрос, но через 10 с всё ещё выполняет его. Возможно, он ждёт диск или сеть; повторите или завершите сеанс.',
  'session-stays':
    'PID {{pid}} получил команду завершиться, но через 10 с всё ещё работает. Возможно, он откатывает транзакцию или ждёт диск; проверьте чуть позже.',

  'asks-foreign':
    'То, с чем работает шаг «{{step}}», изменил кто-то другой. Посмотрите на цель и затем продолжите, откатите сделанное или оставьте всё как есть.',
  'asks-partial':
    'Шаг «{{step}}» прервался посередине, и продолжить его нельзя. Откатите его или оставьте всё как есть.',
  'step-bug': 'Шаг «{{step}}» сломался внутри самой консоли, чего быть не должно. Причина — в её журнале.',
  'deployment-paused':
    'Наблюдение за «{{name}}» приостановлено, поэтому с ним ничего не делают. Сначала возобновите наблюдение.',
  'deployment-opening': 'Соединения с «{{name}}» как раз открываются. Повторите чуть позже.',
}
