/** Texts of which console tells of a deployment's alerts. */
export const uiLeases = {
  'lease.label': 'Alerts are told by',
  'lease.hint':
    'Where consoles that watch the same deployment agree on which of them tells: PostgreSQL needs no right beyond logging in, Redis the right to set one key',
  'lease.place-none': 'this console, whoever else watches',
  'lease.place-postgres': 'one console, agreed on in PostgreSQL',
  'lease.place-redis': 'one console, agreed on in Redis',
  'lease.holds': 'This console ({{holder}}) tells of its alerts.',
  'lease.waits': '{{holder}} tells of its alerts; this console takes over when it falls silent.',
  'lease.starting': 'Which console tells of its alerts is being agreed on.',
  'lease.unsure': 'Messages may be doubled: which console tells cannot be agreed on. {{why}}',
  'lease.aside':
    'Nobody hears this console, no channel of it takes anything: it leaves telling to others, and goes on trying.',
  'lease.problem-pooled': 'Behind a pooler no session of PostgreSQL is ours: agree on it in Redis.',
  'lease.problem-hidden':
    'This role is not shown what sessions of the other console do: use the same role, or grant pg_monitor.',
  'lease.problem-foreign': 'Something else stands under the key vakhta:lease:… in Redis.',
  'lease.problem-standby':
    'This console is connected to a standby, which does not see who is connected to the other servers: let it prefer the primary (target_session_attrs), or agree on it in Redis.',
  'channels.console-name': 'Name of this console',
  'channels.console-name-hint':
    'What other consoles on the same deployments call it; empty: as its machine is called',
} as const
