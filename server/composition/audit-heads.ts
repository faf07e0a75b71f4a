import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { AuditHead } from '../platform/audit-log/entry.ts'

type Home = Pick<Config, 'home'>

/** Where this installation notes, outside of its database, where the audit log ended. */
export function auditHeadsFile({ home }: Home): string {
  return join(home, 'audit-heads.log')
}

/** Adds a line `SEQ:HASH` to the file. */
export function publishAuditHead(config: Home): (head: AuditHead) => Promise<void> {
  return ({ seq, hash }) => appendFile(auditHeadsFile(config), `${seq}:${hash}\n`, { mode: 0o600 })
}

/** Reads lines `SEQ:HASH`. @throws RangeError for one that is none. */
export async function readAuditHeads(file: string): Promise<AuditHead[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map(parseAuditHead)
}

/** @throws RangeError if it is not `SEQ:HASH`. */
export function parseAuditHead(text: string): AuditHead {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim())
  if (!match) throw new RangeError(`"${text}" is not SEQ:HASH`)
  return { seq: Number(match[1]), hash: match[2] as string }
}
