import type { z } from 'zod'
import type { FieldError } from '../../contracts/kit/problem.ts'
import type { RouteSpec } from '../../contracts/kit/route.ts'
import type { Actor } from '../../server/platform/http/actor.ts'
import type { Binding } from '../../server/platform/http/binding.ts'
import { executorFor } from './executor.ts'
import type { TestPlatform } from './platform.ts'

type Call = Readonly<{
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  headers?: Readonly<Record<string, string>>
}>

type ReplyOf<R extends RouteSpec> = z.output<R['replies'][keyof R['replies']]>

export type Answer<R extends RouteSpec> = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  /** Of a success; empty for a refusal. */
  body: ReplyOf<R>
  problem: Readonly<{ code?: string; errors?: readonly FieldError[] }>
}>

type Deps = Pick<TestPlatform, 'db'>

/** Calls routes as an operator. */
export function operatorOf(platform: Deps, routes: readonly Binding[], id = 'ops_1') {
  return callerOf(platform, routes, { kind: 'operator', id })
}

/** Calls routes as somebody, from the raw request to the raw reply, each checked by its contract. */
export function callerOf(platform: Deps, routes: readonly Binding[], actor: Actor) {
  const execute = executorFor(platform, actor)
  return async <R extends RouteSpec>(route: R, input: Call = {}): Promise<Answer<R>> => {
    const binding = routes.find((one) => one.route === route)
    if (!binding) throw new Error(`Nothing answers ${route.operation}`)
    const { status, headers, body } = await execute(binding, {
      params: input.params ?? {},
      query: input.query ?? {},
      body: input.body === undefined ? '' : JSON.stringify(input.body),
      headers: input.headers ?? {},
      requestId: 'req_test',
      remoteAddress: '127.0.0.1',
    })
    const text = Buffer.from(body as string).toString()
    const isJson = headers['content-type']?.includes('json')
    const json = isJson ? JSON.parse(text) : text === '' ? {} : text
    return status < 400
      ? { status, headers, body: json, problem: {} }
      : { status, headers, body: {} as ReplyOf<R>, problem: json }
  }
}
