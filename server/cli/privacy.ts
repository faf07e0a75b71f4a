import { writeFileSync } from 'node:fs'
import { readConfig } from '../config.ts'
import type { IdentityApi } from '../modules/identity/index.ts'
import { type Command, CommandError, print } from './command.ts'
import { withModules } from './quiet-shop.ts'

export const privacy: Command = {
  name: 'privacy',
  summary: "Answers a person's request for a copy, or for an end (GDPR, articles 15, 17 and 20)",
  usage: 'stoa privacy export PERSON [--out FILE]\n       stoa privacy erase PERSON --yes [--json]',
  help: [
    'PERSON is an e-mail address or the id of an account. May run beside a live shop. Be sure who asks.',
    '\n  stoa privacy export   writes a ZIP archive with a file of JSON for each module',
    '  stoa privacy erase    deletes or makes nameless in every module, and tells table by table what it did and why',
    '                        something stays; it cannot be undone. Again it does nothing more.',
    '\n  --out FILE   the archive; ACCOUNT.zip if absent',
    '  --yes        really',
    '  --json       print the report as JSON',
  ].join('\n'),
  options: { out: { type: 'string' }, yes: { type: 'boolean' }, json: { type: 'boolean' } },
  async run(options, [action, person, ...rest]) {
    if ((action !== 'export' && action !== 'erase') || !person || rest.length > 0)
      throw new CommandError('Say export or erase, and whom.', 'See `stoa privacy --help`.')
    if (action === 'erase' && !options['yes'])
      throw new CommandError('An erasure cannot be undone.', 'Say --yes if it is meant.')
    return withModules(readConfig(process.env), async ({ identity: { api } }, { operations }) => {
      const accountId = await find(api, person)
      await operations.audit.note({
        actor: 'cli:privacy',
        action: `privacy.${action}`,
        entityId: accountId,
        details: {},
      })
      if (action === 'erase') return erase(api, accountId, options['json'] === true)
      const file = String(options['out'] ?? `${accountId}.zip`)
      writeFileSync(file, await api.exportPerson({ accountId }), { mode: 0o600 })
      print(`${file} has everything about ${accountId}.`)
      return 0
    })
  },
}

async function find(api: IdentityApi, person: string): Promise<string> {
  if (!person.includes('@')) return person
  const found = await api.findByEmail({ email: person })
  if (!found) throw new CommandError(`No account has the address ${person}.`)
  return found.accountId
}

async function erase(api: IdentityApi, accountId: string, asJson: boolean): Promise<number> {
  const report = await api.erasePerson({ accountId })
  if (asJson) {
    print(JSON.stringify(report, null, 2))
    return 0
  }
  const width = Math.max(...report.tables.map(({ table }) => table.length))
  for (const { table, deleted, anonymised, reason } of report.tables) {
    const why = reason && anonymised > 0 ? `  (${reason})` : ''
    print(`  ${table.padEnd(width)}  ${deleted} deleted, ${anonymised} made nameless${why}`)
  }
  print(`${accountId} was erased.`)
  return 0
}
