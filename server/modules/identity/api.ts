import type { ErasureReport } from '#contracts/identity/privacy.ts'
import type { Language } from '#contracts/kit/language.ts'
import type { OperatorRole } from '#contracts/kit/permissions.ts'
import type { Principal } from '../../platform/http/actor.ts'

/** Somebody who is written to, in their language and for their market. */
export type Reader = Readonly<{
  accountId: string
  email: string
  language: Language | null
  currency: string | null
  country: string | null
}>

export type IdentityApi = Readonly<{
  /** Whose session token or API key it is; undefined if nobody's. */
  recognise(token: string): Promise<Principal | undefined>
  /** The same, as far as memory knows it. */
  recall(token: string): Principal | undefined
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
  /** Of these accounts those who want mails with offers, each at an address that is proven to be theirs. */
  readersOf(input: { accountIds: readonly string[] }): Promise<Reader[]>
  /** No more mails with offers; again does nothing. */
  endMarketing(input: { accountId: string }): Promise<void>
  /** The newest mails of an installation that sends none. */
  listMails(input: {
    limit: number
  }): Promise<{ id: string; to: string; subject: string; text: string; createdAt: string }[]>
}>
