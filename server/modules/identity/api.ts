import type { ErasureReport } from '#contracts/identity/privacy.ts'
import type { OperatorRole } from '#contracts/kit/permissions.ts'
import type { Recognised } from '../../platform/http/actor.ts'

export type IdentityApi = Readonly<{
  /** Whose session token or API key it is; undefined if nobody's. */
  recognise(token: string): Recognised
  /**
   * Opens a proven operator's account, or gives an existing proven one the role: for the command
   * line, where there is nobody yet who could grant it.
   * @throws the rules of passwords
   */
  createOperator(input: {
    email: string
    name: string
    password: string
    role: OperatorRole
  }): Promise<{ accountId: string }>
  /** Whose address it is: of those who gave it, whoever has proven it. */
  findByEmail(input: { email: string }): Promise<{ accountId: string } | undefined>
  /** Everything about a person as a ZIP archive. @throws not_found */
  exportPerson(input: { accountId: string }): Promise<Uint8Array>
  /** Erases a person in every module. @throws not_found */
  erasePerson(input: { accountId: string }): Promise<ErasureReport>
  /** The newest mails of an installation that sends none. */
  listMails(input: {
    limit: number
  }): Promise<{ id: string; to: string; subject: string; text: string; createdAt: string }[]>
}>
