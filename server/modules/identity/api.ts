import type { OperatorRole } from '#contracts/kit/permissions.ts'
import type { Principal } from '../../platform/http/actor.ts'

export type IdentityApi = Readonly<{
  /** Whose session token or API key it is; undefined if nobody's. */
  recognise(token: string): Promise<Principal | undefined>
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
  /** The newest mails of an installation that sends none. */
  listMails(input: {
    limit: number
  }): Promise<{ id: string; to: string; subject: string; text: string; createdAt: string }[]>
}>
