import { FAULTS } from '../tests/support/fault-list.ts'
import { JOURNEYS } from '../tests/support/journeys.ts'
import { MATRIX } from '../tests/support/resiliency.ts'

/** `docs/reliability.md`: what holds, what may break, and the tests that show it. */
export function reliabilityDocument(): string {
  const rows = Object.values(MATRIX)
  const matrix = rows.map(
    ({ engine, how, outcomes }) =>
      `| ${engine} (${how}) | ${JOURNEYS.map((journey) => outcomes[journey]).join(' | ')} |`,
  )
  const notes = rows.map(
    ({ engine, note, file, test }) => `- **${engine}.** ${note} \`${file}\`: ${test}.`,
  )
  const faults = FAULTS.map(({ id, fault, holds, tests, gap }) => {
    const places = [...new Set(tests.map(({ file }) => `\`${file}\``))].join(', ')
    return `| ${id} | ${fault} | ${holds} | ${[places, gap].filter(Boolean).join('; ')} |`
  })
  return `${INTRODUCTION}
## The resiliency matrix

What a shopper can do while a part is away. Each row is one test that walks all journeys and finds exactly this.

| away | ${JOURNEYS.join(' | ')} |
|---|${JOURNEYS.map(() => '---').join('|')}|
${matrix.join('\n')}

*full*: as ever. *degraded*: answered, and the answer says what is missing. *refused*: 503 as problem+json with
\`Retry-After\`, and nothing half done.

${notes.join('\n')}

## The faults

| | fault | what holds | tests |
|---|---|---|---|
${faults.join('\n')}
`
}

const INTRODUCTION = `# Reliability

Made by \`npm run generate\` from the lists that the tests themselves use; a test says when it is not current, or when a
test that it names is not there.

\`npm run faults\` makes every fault at length (some ten minutes); \`npm run faults -- --short\` makes most of them once: not those in files
that end in \`.whole.ts\`, which need many processes, all engines, or the right to mount. After each fault the shop
must sell again by itself within 30 seconds, hold every order that it acknowledged, and pass \`stoa audit\`.

Processes are killed by \`kill -9\` at named points of an order's path, PostgreSQL likewise; lines to engines and to the bank
are cut and slowed by \`tests/support/faulty-line.ts\`, a proxy of our own that needs nothing installed.

## The invariants

| | invariant | checked by |
|---|---|---|
| I1 | no oversell: quantity, reserved, available never below 0; movements add up to the level; live reservations to what is reserved | \`stoa audit\` |
| I2 | money: every journal balances, order totals are the sum of their parts, the provider's own record agrees | \`stoa audit\` |
| I3 | an order once: at most one order a key, one capture an order, no capture without its order | \`stoa audit\` |
| I4 | no hold outlives its time, no committed stock without an order | \`stoa audit\` |
| I5 | events once each, in order, none missing | \`stoa audit\` |
| I6 | within 30 s pages show the stock there is; the search index does not drift | \`stoa audit\`, \`stoa search verify\` |
| I7 | what was acknowledged is there | buyers' own notes, after every fault |
| I8 | sells again within 30 s; nothing is stuck past its deadline, no queue grows | after every fault, \`stoa audit\` |
| I9 | while it lasts, the matrix below holds | the matrix' tests |
`
