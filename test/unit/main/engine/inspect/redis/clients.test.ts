import { expect, it } from 'vitest'
import { clientsOf, parseClients } from '../../../../../../src/main/engine/inspect/redis/clients.ts'
import { readInfo } from '../../../../../../src/main/engine/inspect/redis/info.ts'

const FRAME = {
  at: 0,
  node: 'cache:6379',
  nodes: [],
  missing: [],
  grant: null,
  cost: { ms: 0, rows: 0, bytes: 0 },
}

const line = (id: number, fields: string) => `id=${id} addr=10.0.0.${id % 200}:5000${id % 10} ${fields}`

it('reads lines as every version writes them', () => {
  const text = [
    'id=3 addr=127.0.0.1:57836 fd=8 name= age=7 idle=2 flags=N db=0 omem=0 cmd=get',
    'id=4 addr=[::1]:1 laddr=[::1]:2 fd=9 name=a=b age=1 idle=0 flags=bx db=2 omem=40 tot-mem=99 cmd=client|list user=app redir=-1 resp=3 lib-name=redis-py lib-ver=5.0.1',
    'id=5 addr=127.0.0.1:1 name= age=1 idle=0 flags=SO db=0 omem=0 cmd=monitor user=default',
    'rubbish',
    '',
  ].join('\n')
  expect(parseClients(text)).toMatchObject([
    { id: 3, name: null, user: null, command: 'GET', kind: 'normal', blocked: false, memoryBytes: null },
    { id: 4, name: 'a=b', command: 'CLIENT LIST', blocked: true, library: 'redis-py 5.0.1', memoryBytes: 99 },
    { id: 5, kind: 'monitor', command: 'MONITOR' },
  ])
})

it('groups all of many, and lists those first that matter', () => {
  const lines = Array.from({ length: 5_000 }, (_, id) =>
    line(id, 'name=web age=90000 idle=70 flags=N db=0 omem=0 cmd=get'),
  )
  const text = [
    ...lines,
    line(9_001, 'name=w age=1 idle=0 flags=b omem=0 cmd=blpop'),
    line(9_002, 'name=m flags=O cmd=monitor'),
  ]
  const startedAt = performance.now()
  const answer = clientsOf(parseClients(text.join('\n')), readInfo(''), false, FRAME)
  expect(performance.now() - startedAt).toBeLessThan(500)
  expect(answer.clients).toHaveLength(500)
  expect(answer.clients.slice(0, 2).map(({ id }) => id)).toEqual([9_002, 9_001])
  expect(answer.groups.name[0]).toMatchObject({ value: 'web', clients: 5_000, longestIdleSeconds: 70 })
  expect(answer.groups.connected[0]).toMatchObject({ value: '86400', clients: 5_000 })
  expect(answer.groups.idle.map(({ value }) => value)).toEqual(['60', '0'])
  expect(answer.groups.address.length).toBeLessThanOrEqual(50)
})
