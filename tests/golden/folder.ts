/** Where the golden values are: `npm run test:golden -- DIR` sets it, and the copy in the repository is the default. */
export const goldenFolder = process.env['FEDPIT_GOLDEN'] ?? new URL('.', import.meta.url).pathname
