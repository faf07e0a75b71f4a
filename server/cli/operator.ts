import { createInterface } from 'node:readline/promises'
import { OPERATOR_ROLES, type OperatorRole } from '#contracts/kit/permissions.ts'
import { readConfig } from '../config.ts'
import { type Command, CommandError, print } from './command.ts'
import { withModules } from './quiet-shop.ts'

export const operator: Command = {
  name: 'operator',
  summary: 'Opens the first account of an operator, or gives an account a role',
  usage: 'stoa operator create EMAIL [--name NAME] [--role ROLE]',
  help: [
    'The password is read from standard input. May run beside a live shop.',
    `\n  --name NAME   the person's name; the e-mail address if absent`,
    `  --role ROLE   ${Object.keys(OPERATOR_ROLES).join(', ')}; admin if absent`,
    '\nAn account that has proven the address keeps its own password and gets the role.',
  ].join('\n'),
  options: { name: { type: 'string' }, role: { type: 'string' } },
  async run(options, [action, email, ...rest]) {
    if (action !== 'create' || email === undefined || rest.length > 0)
      throw new CommandError('Say `stoa operator create EMAIL`.', 'See `stoa operator --help`.')
    if (!/^[^\s@]+@[^\s@]+$/.test(email))
      throw new CommandError(`"${email}" is not an e-mail address.`)
    const role = String(options['role'] ?? 'admin')
    if (!Object.hasOwn(OPERATOR_ROLES, role))
      throw new CommandError(
        `There is no role "${role}".`,
        `Roles: ${Object.keys(OPERATOR_ROLES).join(', ')}.`,
      )
    const password = await readPassword()
    return withModules(readConfig(process.env), async ({ identity }) => {
      const name = String(options['name'] ?? email)
      const input = { email, name, password, role: role as OperatorRole }
      const { accountId } = await identity.api.createOperator(input)
      print(`${email} is ${role} (${accountId}).`)
      return 0
    })
  },
}

async function readPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  if (process.stdin.isTTY) process.stderr.write('Password: ')
  for await (const line of lines) {
    lines.close()
    return line
  }
  throw new CommandError('The password has to come on standard input.')
}
