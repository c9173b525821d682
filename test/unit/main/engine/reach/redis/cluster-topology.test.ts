import { describe, expect, it } from 'vitest'
import { readTopology, watchedOf } from '../../../../../../src/main/engine/reach/redis/cluster-topology.ts'

const id = (letter: string) => letter.repeat(40)

/**
 * In the form of each version as the documentation of CLUSTER NODES describes it
 * (https://redis.io/docs/latest/commands/cluster-nodes/), with ids and addresses of our own.
 */
const NODES = {
  '3.0': [
    `${id('a')} 10.0.0.1:6379 myself,master - 0 0 1 connected 0-8191`,
    `${id('b')} 10.0.0.2:6379 master - 0 1426238316232 2 connected 8192-16383`,
    `${id('c')} 10.0.0.3:6379 slave ${id('a')} 0 1426238317741 1 connected`,
  ],
  '5.0': [
    `${id('a')} 10.0.0.1:6379@16379 myself,master - 0 1562586582000 1 connected 0-8191 [8191->-${id('b')}]`,
    `${id('b')} 10.0.0.2:6379@16379 master - 0 1562586583000 2 connected 8192-16383`,
    `${id('c')} 10.0.0.3:6379@16379 slave ${id('a')} 0 1562586583800 1 connected`,
  ],
  '7.0': [
    `${id('a')} 10.0.0.1:6379@16379,one.example.com myself,master - 0 1672531200000 1 connected 0-8191`,
    `${id('b')} 10.0.0.2:6379@16379,two.example.com master - 0 1672531200000 2 connected 8192-16383`,
    `${id('c')} 10.0.0.3:6379@16379, slave ${id('a')} 0 1672531200000 1 connected`,
  ],
  '7.2, 8, Valkey': [
    `${id('a')} 10.0.0.1:6379@16379,,tls-port=0,shard-id=${id('1')} myself,master - 0 0 1 connected 0-8191`,
    `${id('b')} 10.0.0.2:6379@16379,,tls-port=0,shard-id=${id('2')} master - 0 1 2 connected 8192-16383`,
    `${id('c')} 10.0.0.3:6379@16379,,tls-port=0,shard-id=${id('1')} slave ${id('a')} 0 1 1 connected`,
  ],
}

describe('what a cluster says of its nodes', () => {
  it.each(Object.entries(NODES))('is read as %s writes it', (version, lines) => {
    const topology = readTopology(`${lines.join('\n')}\n`, null, '10.0.0.1')
    expect(topology.map(({ member }) => [member.role, member.slots, member.state])).toEqual([
      ['primary', 8_192, 'ok'],
      ['primary', 8_192, 'ok'],
      ['replica', 0, 'ok'],
    ])
    expect(topology.map(({ endpoint }) => endpoint?.host)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    expect(
      topology.every(({ endpoint }) => endpoint?.port === 6379),
      version,
    ).toBe(true)
  })

  it.each([
    ['master', 'ok'],
    ['master,fail?', 'suspected'],
    ['master,fail', 'failed'],
    ['slave,fail', 'failed'],
    ['handshake', 'joining'],
    ['master,noaddr', 'failed'],
    ['master,nofailover', 'ok'],
  ])('with flags %s is %s', (flags, state) => {
    const [node] = readTopology(`${id('a')} 10.0.0.1:6379@16379 ${flags} - 0 0 1 connected`, null, 'x')
    expect(node?.member.state).toBe(state)
    expect(node?.endpoint === null).toBe(flags.includes('noaddr'))
  })

  it('names nodes as each wants to be called, and what announces no address as what was asked', () => {
    const nodes = [
      `${id('a')} :7001@17001 myself,master - 0 0 1 connected 0-8191`,
      `${id('b')} 10.0.0.2:7002@17002,two.example.com master - 0 0 2 connected 8192-16383`,
      `${id('c')} 10.0.0.3:7003@17003,three.example.com slave ${id('a')} 0 0 1 connected`,
      `${id('d')} fd00::4:7004@17004 slave ${id('b')} 0 0 1 connected`,
    ].join('\n')
    const slots = [
      [0, 8_191, ['', 7_001, id('a')], ['10.0.0.3', 7_003, id('c'), []]],
      [8_192, 16_383, ['two.example.com', 7_002, id('b'), ['ip', '10.0.0.2']]],
    ]
    expect(readTopology(nodes, slots, 'seed').map(({ member }) => member.name)).toEqual([
      'seed:7001',
      'two.example.com:7002',
      '10.0.0.3:7003',
      '[fd00::4]:7004',
    ])
    const unknown = [[0, 16_383, [null, 7_001, id('a')], ['?', 7_003, id('c')]]]
    expect(
      readTopology(null, unknown, 'seed').map(({ member }) => [member.name, member.role, member.slots]),
    ).toEqual([
      ['seed:7001', 'primary', 16_384],
      ['seed:7003', 'replica', 0],
    ])
  })

  it('is passed over where it is rubbish', () => {
    for (const rubbish of ['', 'x', '\u0000\n\n', 'a b c d', 7, null, [[1]], [['a', 'b', ['c']]]]) {
      expect(readTopology(rubbish, rubbish, 'seed')).toEqual([])
    }
  })
})

describe('what is watched of a cluster', () => {
  it('is every node, and of more than 64 the primaries first, always the same', () => {
    const lines = Array.from({ length: 90 }, (_, n) => {
      const role = n < 30 ? 'slave' : n < 60 ? 'master' : 'handshake'
      return `${String(n).padStart(40, '0')} 10.0.0.${n}:6379@16379 ${role} - 0 0 1 connected`
    })
    const topology = readTopology(lines.join('\n'), null, 'seed')
    expect(watchedOf(topology)).toHaveLength(60)
    const many = [
      ...topology,
      ...readTopology(
        Array.from(
          { length: 40 },
          (_, n) => `${id(String.fromCharCode(97 + (n % 26)))}${n} 10.1.0.${n}:6379 slave - 0 0 1 c`,
        ).join('\n'),
        null,
        'seed',
      ),
    ]
    const watched = watchedOf(many)
    expect(watched).toHaveLength(64)
    expect(watched.slice(0, 30).every(({ member }) => member.role === 'primary')).toBe(true)
    expect(watchedOf([...many].reverse())).toEqual(watched)
  })
})
