import type { Order, Refusal } from '@stoa/client'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RETURN_REASONS } from '../../../contracts/orders/returns.ts'
import { droppable, lineFields } from '../features/orders/aftercare.ts'
import { say } from '../lib/cookies.ts'
import { type Form, readForm, seeOther } from '../lib/forms.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

type Asked = Readonly<{ v: Visit; form: Form; orderId: string; key: string }>
type Result = Readonly<{ ok: true } | { ok: false; problem: Refusal }>
/** What came of it: the API's answer and what to say if it is good; undefined if nothing was chosen. */
type Done = Readonly<{ result: Result; said: string }> | undefined

/** What is done with an order after it was placed, unit by unit; each form leads back to the order. */
export function aftercareRoutes(app: FastifyInstance, shop: Shop): void {
  const onPost = (path: string, act: (asked: Asked) => Promise<Done>) =>
    app.post<{ Params: { id: string } }>(path, async (request, reply) => {
      const v = await visit(shop, request, reply)
      const form = readForm(request)
      const orderId = request.params.id
      const done = await act({ v, form, orderId, key: form.text('key') || shop.newId() })
      return answer({ v, request, reply }, done, paths.order(orderId))
    })
  onPost('/orders/:id/drop', dropUnits)
  onPost('/orders/:id/return', askToReturn)
  onPost('/orders/:id/return/send', async ({ v, form, orderId, key }) => ({
    result: await shop.api.sendReturn({
      params: { orderId, returnId: form.text('return') },
      body: {
        carrier: form.text('carrier').slice(0, 60),
        trackingNumber: form.text('trackingNumber').slice(0, 60),
      },
      idempotencyKey: key,
    }),
    said: v.t.aftercare.sent,
  }))
  onPost('/orders/:id/return/cancel', async ({ v, form, orderId, key }) => ({
    result: await shop.api.cancelReturn({
      params: { orderId, returnId: form.text('return') },
      idempotencyKey: key,
    }),
    said: v.t.aftercare.kept,
  }))
}

function answer(
  { v, reply }: Readonly<{ v: Visit; request: FastifyRequest; reply: FastifyReply }>,
  done: Done,
  back: string,
): FastifyReply {
  const { t, shop } = v
  if (!done) say(shop, reply, { tone: 'bad', text: t.aftercare.nothingChosen })
  else if (done.result.ok) say(shop, reply, { tone: 'good', text: done.said })
  else {
    const { status } = done.result.problem
    say(shop, reply, { tone: 'bad', text: status === 409 ? t.aftercare.refused : t.tryLater })
  }
  return seeOther(reply, back)
}

/** Lines of which some units were chosen. */
function chosen(order: Order, form: Form, most: (line: Order['lines'][number]) => number) {
  return order.lines.flatMap((line) => {
    const { count, reason } = lineFields(line)
    const quantity = form.count(count, 0, most(line))
    const why = RETURN_REASONS.find((known) => known === form.text(reason))
    return quantity > 0 ? [{ lineId: line.id, quantity, reason: why ?? 'changed_mind' }] : []
  })
}

async function dropUnits({ v, form, orderId, key }: Asked): Promise<Done> {
  const { api } = v.shop
  const found = await api.getOrder({ params: { orderId } })
  if (!found.ok) return { result: found, said: '' }
  const lines = chosen(found.data, form, droppable)
  if (lines.length === 0) return undefined
  const body = { lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })) }
  return {
    result: await api.cancelOrder({ params: { orderId }, body, idempotencyKey: key }),
    said: v.t.aftercare.dropped,
  }
}

const WANTS = ['refund', 'exchange', 'store_credit'] as const

async function askToReturn({ v, form, orderId, key }: Asked): Promise<Done> {
  const { api } = v.shop
  const found = await api.getOrder({ params: { orderId } })
  if (!found.ok) return { result: found, said: '' }
  const lines = chosen(found.data, form, ({ quantityReturnable }) => quantityReturnable)
  if (lines.length === 0) return undefined
  const wanted = WANTS.find((known) => known === form.text('wanted')) ?? 'refund'
  const note = form.text('note').slice(0, 500)
  return {
    result: await api.requestReturn({
      params: { orderId },
      body: { lines, wanted, ...(note ? { note } : {}) },
      idempotencyKey: key,
    }),
    said: v.t.aftercare.returned,
  }
}
