import type { errors as english } from '../en/errors.ts'

type Base<K extends string> = K extends `${infer B}_one` | `${infer B}_other` ? B : never
type Plural = `${Base<keyof typeof english>}_${'few' | 'many'}`

export const errors: Record<keyof typeof english | Plural, string> = {
  'bad-request': 'Запрос составлен не так, как ожидалось. {{detail}}',
  'choose-one': 'Уточните параметр {{parameter}}: {{names}}.',
  'range-backwards': 'Отрезок заканчивается раньше, чем начинается: «from» должно быть раньше «to».',
  forbidden: 'Для {{action}} нужна роль {{role}}, а у вас {{has}}.',
  'no-deployment': 'Развёртывания «{{name}}» нет.',
  'no-deployments': 'Развёртываний пока нет: сначала добавьте или импортируйте хотя бы одно.',
  'no-redis': 'В развёртывании «{{deployment}}» нет Redis «{{name}}»; есть: {{names}}.',
  'no-secret': 'Секрета «{{name}}» в хранилище нет.',
  'no-host-key': 'Ключ узла {{name}} не записан.',
  'secret-in-use':
    'Секрет «{{name}}» ещё нужен: {{deployments}}. Сначала уберите его из профилей или задайте ему новое значение.',
  'profile-refused': 'Профиль отклонён, ничего не сохранено.\n{{detail}}',
  line: 'строка {{line}}',
  'store-full':
    'На диске с каталогом данных кончилось место. Ничего не изменено; освободите место и повторите.',
  'store-read-only':
    'В каталог данных нельзя писать. Ничего не изменено; проверьте права и монтирование и повторите.',
  'store-unusable': 'Отказала собственная база или хранилище секретов консоли. Подробности в её журнале.',
  'client-gone': 'Клиент отключился раньше, чем был готов ответ.',
  internal: 'Внутри консоли случился сбой, которого быть не должно. Причина записана в её журнале.',
  unauthorized:
    'Нужен токен или открытый сеанс. Передайте «Authorization: Bearer …» со значением из файла «token» в каталоге данных или откройте /start в браузере.',
  'unauthorized-token': 'Этот токен недействителен. Действительный лежит в файле «token» в каталоге данных.',
  'foreign-host': 'Консоль отвечает только под именем localhost, а к ней обратились как к «{{host}}».',
  'foreign-origin': 'Запросы с других сайтов отклоняются; этот пришёл с «{{origin}}».',
  'no-origin':
    'Запрос, который что-то меняет и опирается на cookie сеанса, обязан указать Origin. Скриптам нужен токен.',
  'too-many-attempts_one': 'Слишком много неверных токенов. Повторите через {{count}} секунду.',
  'too-many-attempts_few': 'Слишком много неверных токенов. Повторите через {{count}} секунды.',
  'too-many-attempts_many': 'Слишком много неверных токенов. Повторите через {{count}} секунд.',
  'too-many-attempts_other': 'Слишком много неверных токенов. Повторите через {{count}} секунды.',
  'too-many-sockets': 'К консоли открыто слишком много соединений; закройте лишние.',
  'too-many-streams': 'По этому соединению идёт слишком много проверок; дождитесь конца одной из них.',
  'no-such-path': 'На {{method}} {{path}} ничего не отвечает.',
  'too-large': 'Запрос больше {{limit, number}} байт.',
  'unsupported-media': 'Запросы принимаются только в JSON («Content-Type: application/json»).',
  malformed: 'Запрос не удалось прочесть как JSON.',
}
