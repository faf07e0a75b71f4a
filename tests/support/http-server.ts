import { after } from 'node:test'
import { systemChance } from '../../server/platform/chance.ts'
import type { Actor } from '../../server/platform/http/actor.ts'
import type { Binding } from '../../server/platform/http/binding.ts'
import { createHttpServer, serveBindings } from '../../server/platform/http/server.ts'
import { silentLog } from '../../server/platform/log.ts'
import { executorFor } from './executor.ts'
import type { TestPlatform } from './platform.ts'

/** Routes behind a real socket, called by one actor. @returns the address to ask. */
export async function serveRoutes(
  platform: TestPlatform,
  routes: readonly Binding[],
  actor: Actor = { kind: 'operator', id: 'ops_1' },
): Promise<string> {
  const app = createHttpServer({ log: silentLog, chance: systemChance })
  serveBindings(app, routes, executorFor(platform, actor))
  after(() => app.close())
  return app.listen({ port: 0, host: '127.0.0.1' })
}
