import { z } from 'zod'
import { clearCookie, readJson, writeJson } from '../../lib/cookies.ts'
import type { Exchange } from './forms.ts'

const Ceremony = z.strictObject({
  kind: z.enum(['passkey', 'new-passkey', 'provider', 'provider-link']),
  token: z.string().max(200),
  back: z.string().max(2_000),
})
/** Something that began here and ends with an authenticator's or a provider's answer. */
export type Ceremony = Readonly<z.infer<typeof Ceremony>>

/** Binds what began to this browser: nobody else can end it. */
export function keepCeremony({ shop, reply }: Exchange, ceremony: Ceremony): void {
  writeJson(shop, reply, { name: 'ceremony', value: ceremony })
}

/** What began here, once. */
export function takeCeremony(
  { shop, request, reply }: Exchange,
  ...kinds: readonly Ceremony['kind'][]
): Ceremony | undefined {
  const found = readJson(request, 'ceremony', Ceremony)
  if (!found || !kinds.includes(found.kind)) return undefined
  clearCookie(shop, reply, 'ceremony')
  return found
}
