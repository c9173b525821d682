/** Звенья цепочки причин, каждое в нескольких словах. */
import type { causes as en } from '../en/causes.ts'
import type { Translated } from '../plurals.ts'

export const causes: Translated<typeof en> = {
  'service-down': '{{service}} не работает',
  'service-not-ready': '{{service}} не готов',
  'service-unknown': 'состояние {{service}} неизвестно',
  'service-names': '{{service}} называет: {{names}}',
  'ready-waits-for-pool': 'проверка готовности не отвечает, пока пул исчерпан',
  'ready-all-the-same': '{{service}} при этом сообщает о готовности',
  'exposition-unknown': 'метрики {{name}} неизвестны',
  'traffic-unknown': 'трафик {{service}} неизвестен',
  'traffic-rose': 'запросов в секунду к {{service}}: {{now, number}}, раньше {{before, number}}',

  'pool-used':
    'пул {{percent, number(maximumFractionDigits: 0)}} % (занято {{checkedOut, number}} из {{size, number}})',
  'pool-leaked':
    'соединений {{who}}, простаивающих в транзакции: {{count, number}}, дольше всех {{seconds, duration}}; их не возвращают',
  'database-down': 'PostgreSQL не работает',
  'database-full': 'в PostgreSQL не осталось соединений',
  'database-unknown': 'состояние PostgreSQL неизвестно',
  'locks-waited-for_one': '{{count, number}} процесс ждёт PID {{pid}}',
  'locks-waited-for_few': '{{count, number}} процесса ждут PID {{pid}}',
  'locks-waited-for_many': '{{count, number}} процессов ждут PID {{pid}}',
  'locks-waited-for_other': '{{count, number}} процесса ждут PID {{pid}}',
  'blocker-idle':
    'PID {{pid}} ({{who}}) простаивает в транзакции {{seconds, duration}}, последний запрос: {{statement}}',
  'blocker-running': 'PID {{pid}} ({{who}}) выполняет уже {{seconds, duration}}: {{statement}}',
  'blocker-prepared': 'блокировку держит подготовленная транзакция: см. pg_prepared_xacts',
  'blocker-unseen': 'что делает PID {{pid}}, не видно',
  'transaction-forgotten':
    'PID {{pid}} ({{who}}) простаивает в транзакции {{seconds, duration}}, последний запрос: {{statement}}',
  'statements-slow_one': '{{count, number}} запрос выполняется {{seconds, duration}}: {{statement}}',
  'statements-slow_few':
    '{{count, number}} запроса выполняются дольше секунды, самый долгий — {{seconds, duration}}: {{statement}}',
  'statements-slow_many':
    '{{count, number}} запросов выполняются дольше секунды, самый долгий — {{seconds, duration}}: {{statement}}',
  'statements-slow_other':
    '{{count, number}} запроса выполняются дольше секунды, самый долгий — {{seconds, duration}}: {{statement}}',

  'redis-down': 'Redis {{redis}} не работает',
  'redis-unknown': 'состояние Redis {{redis}} неизвестно',
  'redis-evicts': 'Redis {{redis}} вытесняет ключи: {{value, number(maximumFractionDigits: 0)}} в секунду',
  'redis-memory-full': 'память Redis {{redis}} занята на {{percent, number(maximumFractionDigits: 0)}} %',
  'redis-misses':
    'доля попаданий Redis {{redis}} {{value, number(maximumFractionDigits: 0)}} %, раньше {{before, number(maximumFractionDigits: 0)}} %',

  'host-unknown': 'состояние хоста {{host}} неизвестно',
  'disk-full': 'диск хоста {{host}} заполнен на {{percent, number(maximumFractionDigits: 0)}} %',

  'way-down': '{{hop}} недоступен',
  'way-refused': '{{hop}} ждёт решения человека',
  'way-slow': 'путь туда и обратно занимает {{ms, number(maximumFractionDigits: 0)}} мс и больше до всего',
  'not-observed': '{{target}} не наблюдается',
  'console-offline': 'у самой консоли нет сети',
}
