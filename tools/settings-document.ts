import { describeSettings } from '../server/config.ts'

/** Every setting, as a table, for docs/settings.md. */
export function settingsDocument(): string {
  const rows = describeSettings().map(
    ({ name, meaning, standard, isSecret }) =>
      `| \`${name}\`${isSecret ? ' †' : ''} | ${meaning} | ${standard} |`,
  )
  return `# Settings

Environment variables, read once at the start. One that is wrong, and any unknown \`STOA_…\`, stops the start with a sentence that says why.
What stands under "if absent" is what a laptop gets; an engine is switched on by its address alone. Made from \`server/settings.ts\` by
\`npm run generate\`.

† is a secret, or may hold one: \`NAME_FILE\` may name a file that holds it instead, as containers and systemd hand secrets over.

| setting | meaning | if absent |
|---|---|---|
${rows.join('\n')}
`
}
