/** Что командная строка говорит от себя. */
import type { cli as en } from '../en/cli.ts'
import type { Translated } from '../plurals.ts'

export const cli: Translated<typeof en> = {
  'asked-again': 'Консоль не отвечает. Её спрашивают снова ещё {{seconds, duration}}…',
  'goes-on':
    'Консоль каталога {{directory}} не отвечает уже {{seconds, duration}}. Операция {{id}} продолжается в ней, пока она работает; если консоль остановили, операция прервана и ждёт решения. Посмотрите ещё раз: vakhta operations show {{id}}',
  confirm: 'Это нужно подтвердить: --confirm {{name}}',
  plan: 'Чтобы выполнить, только пока план остаётся таким: --plan {{plan}}',
  'not-begun': 'Пока всё так, операция не начнётся.',
  'not-taken-back': 'Пока всё так, откатить операцию не получится.',
  'take-over': 'Чтобы продолжить, несмотря на неё: --take-over {{operation}}',
  left: 'Операция продолжается в консоли. Посмотрите ещё раз: vakhta operations show {{id}}',
  'may-have-begun':
    'Консоль уже получила просьбу и могла начать операцию. Посмотрите: vakhta operations list',
  'none-backups': 'Резервных копий нет.',
  'none-backups-of':
    'Резервных копий «{{name}}» нет. Если они лежат в его хранилище: vakhta backup rescan {{name}}',
  'none-operations': 'Операций нет.',
  'none-operations-of': 'Операций над «{{name}}» нет.',
  'no-deployment': 'Развёртывания «{{name}}» тоже нет: так ли оно называется?',
  cleared: 'удалено',
  older: 'Есть и более старые: все даёт {{path}}.',
}
