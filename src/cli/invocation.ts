/** How a person types `fedpit` here: the program was started by npm where it is not installed. */
export const invocation = (env: Readonly<Record<string, string | undefined>>): string =>
  env['npm_lifecycle_event'] === 'fedpit' ? 'npm run fedpit --' : 'fedpit'
