import type { IdentityDeps } from './deps.ts'
import type { Devices } from './devices.ts'
import type { Guard } from './guard.ts'
import type { Keys } from './keys/service.ts'
import type { Hasher } from './passwords/hasher.ts'
import type { PasswordRules } from './passwords/rules.ts'
import type { Provider } from './providers/openid.ts'
import type { Sessions } from './sessions/service.ts'

/** What the module's flows share: what it was given, and what it made of that. */
export type Tools = IdentityDeps &
  Readonly<{
    sessions: Sessions
    keys: Keys
    guard: Guard
    devices: Devices
    hasher: Hasher
    provider: Provider | null
    rules(): Promise<PasswordRules>
  }>
