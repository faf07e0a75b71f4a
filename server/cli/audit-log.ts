import { existsSync } from 'node:fs'
import { auditHeadsFile, parseAuditHead, readAuditHeads } from '../composition/audit-heads.ts'
import { type Config, readConfig } from '../config.ts'
import { auditHead } from '../platform/audit-log/chain.ts'
import type { AuditHead } from '../platform/audit-log/entry.ts'
import { verifyAuditLog } from '../platform/audit-log/verify.ts'
import { createLog } from '../platform/log.ts'
import { type Command, CommandError, print } from './command.ts'
import { openQuietShop } from './quiet-shop.ts'

export const auditLog: Command = {
  name: 'audit-log',
  summary: 'Verifies the chain of hashes over what the staff did, or shows where it ends',
  usage: 'stoa audit-log verify|head [--head SEQ:HASH] [--heads FILE] [--json]',
  help: [
    'May run beside a live shop.',
    '\n  stoa audit-log verify   reads the whole log and computes every hash anew',
    '  stoa audit-log head     prints SEQ:HASH of its end, to be kept elsewhere',
    '\n  --head SEQ:HASH   an end that was kept: the log must still have it',
    '  --heads FILE      a file of such lines; audit-heads.log of STOA_HOME if absent',
    '  --json            print the verdict as JSON',
    '\nExit code 0: the log is whole; 2: something was changed, put in or removed, and where.',
  ].join('\n'),
  options: { head: { type: 'string' }, heads: { type: 'string' }, json: { type: 'boolean' } },
  async run(options, [action, ...rest]) {
    if ((action !== 'verify' && action !== 'head') || rest.length > 0)
      throw new CommandError('Say verify or head.', 'See `stoa audit-log --help`.')
    const config = readConfig(process.env)
    const published = await publishedHeads(config, options)
    const quiet = await openQuietShop(config, createLog('error'))
    const { db } = quiet.shop
    try {
      if (action === 'head') {
        const { seq, hash } = await auditHead(db)
        print(`${seq}:${hash}`)
        return 0
      }
      const verdict = await verifyAuditLog(db, published)
      const { entries, head, breaks } = verdict
      if (options['json']) print(JSON.stringify(verdict, null, 2))
      else {
        for (const { seq, what } of breaks) print(`  BROKEN  entry ${seq} ${what}`)
        const end = `it ends at ${head.seq}:${head.hash}`
        print(`${entries} entries, ${published.length} published heads; ${end}`)
        print(breaks.length > 0 ? 'The audit log is broken.' : 'The audit log is whole.')
      }
      return breaks.length > 0 ? 2 : 0
    } finally {
      await quiet.close()
    }
  },
}

async function publishedHeads(
  config: Config,
  { head, heads }: Readonly<Record<string, string | boolean | undefined>>,
): Promise<AuditHead[]> {
  const file = typeof heads === 'string' ? heads : auditHeadsFile(config)
  try {
    const kept = heads !== undefined || existsSync(file) ? await readAuditHeads(file) : []
    return typeof head === 'string' ? [...kept, parseAuditHead(head)] : kept
  } catch (error) {
    throw new CommandError(
      `The published heads cannot be read: ${(error as Error).message}.`,
      'Each line of the file is SEQ:HASH, as `stoa audit-log head` prints it.',
    )
  }
}
