/**
 * The look: neutral everywhere, colour for status and environment alone. Tones are CSS variables so that styles,
 * SVG and canvas use the same ones; each pair meets WCAG 2.2 AA on its theme's background.
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, virtualColor } from '@mantine/core'

/** Cool greys of the dark theme, lightest text first: Mantine reads text from 0 and the body from 7. */
const dark: MantineColorsTuple = [
  '#e6e9ee',
  '#b4bac4',
  '#979eab',
  '#6b7280',
  '#343a45',
  '#262b34',
  '#1c2028',
  '#14171d',
  '#0f1217',
  '#0a0c10',
]
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d3d7de',
  '#b9bfc9',
  '#8d95a3',
  '#626b79',
  '#4a525f',
  '#2f3540',
  '#1a1e26',
]
/** Filled buttons: paper on dark, ink on light. */
const paper: MantineColorsTuple = Array.from({ length: 10 }, () => '#e6e9ee') as unknown as MantineColorsTuple
const ink: MantineColorsTuple = Array.from({ length: 10 }, () => '#262b34') as unknown as MantineColorsTuple

/** The edge of what lies over the page: in the dark a shadow alone does not show. */
const RAISED = '1px solid var(--line-strong)'

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.3', sm: '1.35', md: '1.45', lg: '1.45', xl: '1.3' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.45' },
    },
  },
  colors: {
    dark,
    gray,
    paper,
    inkOnLight: ink,
    ink: virtualColor({ name: 'ink', dark: 'paper', light: 'inkOnLight' }),
  },
  primaryColor: 'ink',
  autoContrast: true,
  luminanceThreshold: 0.4,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    CheckboxGroup: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    // Filled with the text's colour, so what is drawn on it has the page's.
    Checkbox: { defaultProps: { iconColor: 'var(--mantine-color-body)' } },
    Radio: { defaultProps: { iconColor: 'var(--mantine-color-body)' } },
    // What explains a field stands below it: fields in a row stay in one line, whichever of them is explained.
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      styles: { label: { marginBottom: 2 } },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false } },
    Spotlight: { styles: { content: { border: RAISED } } },
    Modal: {
      styles: { content: { border: RAISED }, title: { fontWeight: 600 } },
      defaultProps: {
        transitionProps: { duration: 0 },
        // A dialog's heading is not a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
  },
})

/**
 * Tones of a status (`--tone-good|warning|bad|unknown`) for words, each with a brighter one for shapes (`…-fill`) and a
 * quiet surface (`…-surface`); hues of the environments (`--environment-production|staging|development`), which no status uses; surfaces, lines and quiet text.
 */
export const resolveVariables: CSSVariablesResolver = () => ({
  // That a field must be filled in is no status.
  variables: { '--input-asterisk-color': 'var(--text-quiet)' },
  dark: {
    '--tone-good': '#4cc38a',
    '--tone-good-fill': '#4cc38a',
    '--tone-warning-fill': '#f0b429',
    '--tone-bad-fill': '#ff7a70',
    '--tone-unknown-fill': '#9aa2af',
    '--tone-good-surface': '#12291f',
    '--tone-warning': '#f0b429',
    '--tone-warning-surface': '#2e2410',
    '--tone-bad': '#ff7a70',
    '--tone-bad-surface': '#371917',
    '--tone-unknown': '#9aa2af',
    '--tone-unknown-surface': '#20242c',
    '--environment-production': '#b48cff',
    '--environment-production-band': '#6d3fd0',
    '--environment-staging': '#6fa8ff',
    '--environment-staging-band': '#2b5fb8',
    '--environment-development': '#45b8c9',
    '--environment-development-band': '#1f8494',
    '--surface': '#14171d',
    '--surface-raised': '#1c2028',
    '--surface-sunken': '#0f1217',
    '--surface-hover': '#1e232c',
    '--surface-selected': '#232934',
    '--line': '#262b34',
    '--line-strong': '#3a414d',
    '--text-strong': '#f4f6f8',
    '--text': '#d8dce3',
    '--text-quiet': '#979eab',
    '--series': '#8fa3bf',
    '--hatch': '#39404c',
    '--mantine-color-body': '#14171d',
    '--mantine-color-text': '#d8dce3',
    '--mantine-color-dimmed': '#979eab',
    '--mantine-color-placeholder': '#8a919e',
    '--mantine-color-error': '#ff7a70',
  },
  light: {
    '--tone-good': '#0f7a4c',
    '--tone-good-fill': '#2b9464',
    '--tone-warning-fill': '#c07c00',
    '--tone-bad-fill': '#d5382e',
    '--tone-unknown-fill': '#7a8391',
    '--tone-good-surface': '#e2f5ea',
    '--tone-warning': '#8a5a00',
    '--tone-warning-surface': '#fdf1d4',
    '--tone-bad': '#c02a22',
    '--tone-bad-surface': '#fde8e6',
    '--tone-unknown': '#5c6573',
    '--tone-unknown-surface': '#eceef1',
    '--environment-production': '#6d3fd0',
    '--environment-production-band': '#6d3fd0',
    '--environment-staging': '#1f5bc4',
    '--environment-staging-band': '#2b5fb8',
    '--environment-development': '#0f7383',
    '--environment-development-band': '#1f8494',
    '--surface': '#ffffff',
    '--surface-raised': '#f7f8fa',
    '--surface-sunken': '#f1f3f6',
    '--surface-hover': '#f3f5f8',
    '--surface-selected': '#dfe3e9',
    '--line': '#e3e6eb',
    '--line-strong': '#c9ced7',
    '--text-strong': '#12151b',
    '--text': '#262b34',
    '--text-quiet': '#5c6573',
    '--series': '#56677f',
    '--hatch': '#c9ced7',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#262b34',
    '--mantine-color-dimmed': '#5c6573',
    '--mantine-color-placeholder': '#6b7482',
    '--mantine-color-error': '#c02a22',
  },
})
