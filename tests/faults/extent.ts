/** Whether all of it is run (`npm run faults`), or what fits into every run of the tests. */
export const isWhole = process.env['STOA_TEST_FAULTS'] === 'whole'

/** How often each fault is made. */
export const ROUNDS = isWhole ? 5 : 1
