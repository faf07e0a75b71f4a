import { type Random, randomText } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Journal } from './journal.ts'
import type { EventType, Refund } from './model.ts'
import type { PaymentEntry, Proof, Records, StoredPayment } from './records.ts'
import type { WebhookMessage } from './webhooks.ts'

export type WriterDeps = Readonly<{
  records: Records
  journal: Pick<Journal, 'append'>
  clock: Clock
  random: Random
  onEvent: (message: WebhookMessage) => void
}>

/** Turns changes into lines of the journal, state in memory and webhooks, in that order of trust. */
export type Writer = Readonly<{
  nowText: () => string
  makeId: (prefix: string, seq: number) => string
  commit: (change: Change, seq: number) => Readonly<{ json: string; durable: Promise<void> }>
}>

export type Change = Readonly<{
  type: EventType
  stored: StoredPayment
  proof?: Proof
  refund?: Refund
  dispute?: PaymentEntry['dispute']
}>

/** The webhook's bytes: the same at the event and when a restart reads them from the journal. */
export function toWebhookMessage(
  entry: Pick<PaymentEntry, 'event' | 'type' | 'at'> & Readonly<{ sequence: number }>,
  data: string,
): WebhookMessage {
  const { event, type, at, sequence } = entry
  const head = `{"id":"${event}","type":"${type}","createdAt":"${at}","sequence":${sequence}`
  return { id: event, body: `${head},"data":${data}}` }
}

/** `data` of a webhook, from JSON already made. */
export function webhookData(
  parts: Readonly<{ payment: string; refund?: string | undefined; dispute?: string | undefined }>,
): string {
  const refund = parts.refund === undefined ? '' : `"refund":${parts.refund},`
  const dispute = parts.dispute === undefined ? '' : `"dispute":${parts.dispute},`
  return `{${refund}${dispute}"payment":${parts.payment}}`
}

export function createWriter(deps: WriterDeps): Writer {
  const { records, journal, clock, random } = deps

  function makeId(prefix: string, seq: number): string {
    const time = clock.now().getTime().toString(36)
    return `${prefix}_${time}${seq.toString(36).padStart(6, '0')}${randomText(random, 6)}`
  }

  function commit(change: Change, seq: number): Readonly<{ json: string; durable: Promise<void> }> {
    const { type, stored, proof } = change
    const { payment, secrets } = stored
    const event = makeId('evt', seq)
    const at = payment.updatedAt
    const paymentJson = JSON.stringify(payment)
    const refund = change.refund && JSON.stringify(change.refund)
    const dispute = change.dispute && JSON.stringify(change.dispute)
    const line =
      `{"seq":${seq},"at":"${at}","type":"${type}","event":"${event}","payment":${paymentJson}` +
      `,"secrets":${JSON.stringify(secrets)}` +
      (refund === undefined ? '' : `,"refund":${refund}`) +
      (dispute === undefined ? '' : `,"dispute":${dispute}`) +
      (proof === undefined ? '' : `,"proof":${JSON.stringify(proof)}`) +
      '}'
    records.apply({ seq, at, event, type, payment, secrets, ...pickKnown(change) })
    const data = webhookData({ payment: paymentJson, refund, dispute })
    const message = toWebhookMessage({ event, type, at, sequence: payment.version }, data)
    const durable = journal.append(line, payment.reference).then(() => deps.onEvent(message))
    return { json: refund ?? paymentJson, durable }
  }

  return { nowText: () => clock.now().toISOString(), makeId, commit }
}

function pickKnown({
  refund,
  dispute,
  proof,
}: Change): Pick<PaymentEntry, 'refund' | 'dispute' | 'proof'> {
  return {
    ...(refund === undefined ? {} : { refund }),
    ...(dispute === undefined ? {} : { dispute }),
    ...(proof === undefined ? {} : { proof }),
  }
}
