/** The few icons of the shell, drawn here so that none is fetched. */

const PATHS = {
  fleet: 'M3 5h14M3 10h14M3 15h14M1 5h.01M1 10h.01M1 15h.01',
  alerts: 'M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.5h-13zM8.5 17.5h3M10 2v1.5',
  operations: 'M4 6h9M10 3l3 3-3 3M16 14H7M10 11l-3 3 3 3',
  backups: 'M3 5.5c0-4 14-4 14 0s-14 4-14 0v9c0 4 14 4 14 0v-9M3 10c0 4 14 4 14 0',
  settings: 'M3 5h6M13 5h4M11 3v4M3 10h2M9 10h8M7 8v4M3 15h8M15 15h2M13 13v4',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12M13.5 13.5 17.5 17.5',
  keyboard: 'M2 5h16v10H2zM5 8h.01M8 8h.01M11 8h.01M14 8h.01M6 12h8',
} as const

export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
