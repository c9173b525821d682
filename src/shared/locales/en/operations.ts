/** What operations do, what their previews say, and what goes wrong in them. */
export const operations = {
  // What each kind is called.
  'kind-cancel-query': 'Cancel query',
  'kind-terminate-backend': 'Terminate session',

  // What each step does.
  'step-cancel': 'Cancel the statement',
  'step-terminate': 'End the session',

  // Sessions of PostgreSQL.
  'cancels-statement': 'Cancels the statement of PID {{pid}} ({{application}}, {{user}}): {{statement}}',
  'ends-session':
    'Ends the session PID {{pid}} ({{application}}, {{user}}), which is “{{state}}”: {{statement}}',
  'rolls-back': 'Rolls back its transaction of {{seconds, duration}}, with everything that it changed',
  'rolls-back-reads': 'Rolls back its transaction of {{seconds, duration}}, which has changed nothing so far',
  frees: 'PID {{pid}} ({{application}}) need not wait for it any longer: {{statement}}',
  'frees-more': '… and more than {{count, number}} in all',
  'signal-is-final': 'What is rolled back is lost; the application sees an error.',
  'not-a-client': 'It is no session of an application but of PostgreSQL itself ({{kind}}).',
  'no-postgres': 'The profile of “{{name}}” names no PostgreSQL.',
  'no-operate':
    'The profile of “{{name}}” names nobody who operates PostgreSQL. Add `operate` there: a role of its own in pg_monitor and pg_signal_backend.',
  'session-over':
    'PID {{pid}} has ended, or is another session or transaction by now: nothing was done to it. Look at the list again.',
  'session-hidden':
    'The role that watches may not see the session of PID {{pid}}. Make it a member of pg_monitor.',
  'session-hidden-to':
    'The role “{{user}}” may not see the session of PID {{pid}}, and does not signal what it does not see: GRANT pg_monitor TO {{user}};',
  'cancel-idle-in-transaction':
    'PID {{pid}} runs no statement: it is idle in a transaction, and PostgreSQL would take the signal and do nothing. Terminate the session instead.',
  'cancel-idle': 'PID {{pid}} runs no statement: there is nothing to cancel.',
  'signal-refused': 'PostgreSQL did not signal PID {{pid}}: the process has just ended.',
  signalled: 'PID {{pid}} was signalled by {{user}}',
  'statement-stays':
    'PID {{pid}} was told to cancel and still runs its statement after 10 s. It may be waiting for a disk or a network; try again, or terminate the session.',
  'session-stays':
    'PID {{pid}} was told to end and is still there after 10 s. It may be rolling back or waiting for a disk; look again in a moment.',

  // What a person has to decide on.
  'asks-foreign':
    'Somebody else changed what the step “{{step}}” works on. Look at the target: then resume, take back what was done, or give the operation up as it is.',
  'asks-partial':
    'The step “{{step}}” was cut off in its middle and cannot be taken up again. Take it back, or give the operation up as it is.',
  'step-bug':
    'The step “{{step}}” failed inside the console in a way that should not happen. Its log has the cause.',
  'deployment-paused': '“{{name}}” is paused: nothing is done to it. Resume watching first.',
  'deployment-opening': 'The connections of “{{name}}” are just being opened. Try again in a moment.',
} as const
