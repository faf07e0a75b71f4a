import { type Money, toDecimal } from '#contracts/kit/money.ts'
import type { PUSH_LANGUAGES } from '#contracts/notifications/schemas.ts'
import type { Facts, OrderStep } from './model.ts'

export type PushLanguage = (typeof PUSH_LANGUAGES)[number]

type Texts = Readonly<{
  steps: Readonly<Record<OrderStep, readonly [title: string, body: string]>>
  /** `{name}`, `{now}` and `{was}` are put in. */
  price: readonly [title: string, body: string]
}>

const TEXTS: Readonly<Record<PushLanguage, Texts>> = {
  en: {
    steps: {
      confirmed: ['Your order is confirmed', 'It is paid and is being made ready.'],
      cancelled: ['Your order was cancelled', 'What you paid goes back to you.'],
      shipped: ['Your parcel is on its way', 'See when it arrives.'],
      out_for_delivery: ['Your parcel comes today', 'It is with the driver.'],
      delivered: ['Your parcel has arrived', 'See what was in it.'],
      exception: ['Your parcel is held up', 'See what the carrier says.'],
    },
    price: ['Now {now}', '{name}: it was {was}.'],
  },
  de: {
    steps: {
      confirmed: ['Ihre Bestellung ist bestätigt', 'Sie ist bezahlt und wird vorbereitet.'],
      cancelled: ['Ihre Bestellung wurde storniert', 'Was Sie bezahlt haben, bekommen Sie zurück.'],
      shipped: ['Ihr Paket ist unterwegs', 'Sehen Sie nach, wann es ankommt.'],
      out_for_delivery: ['Ihr Paket kommt heute', 'Es ist im Zustellfahrzeug.'],
      delivered: ['Ihr Paket ist da', 'Sehen Sie nach, was darin war.'],
      exception: ['Ihr Paket hat sich verzögert', 'Sehen Sie nach, was der Versender sagt.'],
    },
    price: ['Jetzt {now}', '{name}: vorher {was}.'],
  },
  es: {
    steps: {
      confirmed: ['Tu pedido está confirmado', 'Está pagado y se está preparando.'],
      cancelled: ['Tu pedido se ha cancelado', 'Se te devolverá lo que pagaste.'],
      shipped: ['Tu paquete está en camino', 'Mira cuándo llega.'],
      out_for_delivery: ['Tu paquete llega hoy', 'Está en reparto.'],
      delivered: ['Tu paquete ha llegado', 'Mira qué contenía.'],
      exception: ['Tu paquete se retrasa', 'Mira lo que dice el transportista.'],
    },
    price: ['Ahora {now}', '{name}: antes {was}.'],
  },
  ja: {
    steps: {
      confirmed: ['ご注文が確定しました', 'お支払いが完了し、準備を進めています。'],
      cancelled: ['ご注文はキャンセルされました', 'お支払いいただいた金額は返金されます。'],
      shipped: ['お荷物を発送しました', '到着予定をご確認ください。'],
      out_for_delivery: ['お荷物は本日届きます', '配達中です。'],
      delivered: ['お荷物が届きました', '内容をご確認ください。'],
      exception: ['お荷物が遅れています', '配送業者からの情報をご確認ください。'],
    },
    price: ['{now}になりました', '{name}（以前は{was}）'],
  },
  ar: {
    steps: {
      confirmed: ['تم تأكيد طلبك', 'تم الدفع ويجري تجهيزه.'],
      cancelled: ['أُلغي طلبك', 'سيُعاد إليك ما دفعته.'],
      shipped: ['طردك في الطريق', 'اعرف متى يصل.'],
      out_for_delivery: ['طردك يصل اليوم', 'إنه مع السائق.'],
      delivered: ['وصل طردك', 'اعرف ما كان فيه.'],
      exception: ['تأخر طردك', 'اعرف ما تقوله شركة الشحن.'],
    },
    price: ['الآن {now}', '{name}: كان السعر {was}.'],
  },
}

/** What a browser shows: its words, and the page that it opens. */
export type Notice = Readonly<{
  title: string
  body: string
  url: string
  language: PushLanguage
}>

/** Words for facts, in the reader's language. */
export function write(facts: Facts, language: PushLanguage): Notice {
  const texts = TEXTS[language]
  if (facts.kind === 'order') {
    const [title, body] = texts.steps[facts.step]
    return { title, body, url: `/orders/${facts.orderId}`, language }
  }
  const { slug, name } = facts
  const now = formatMoney(facts.now, language)
  const was = formatMoney(facts.was, language)
  const fill = (text: string) =>
    text.replace(
      /\{(name|now|was)\}/g,
      (_, word: 'name' | 'now' | 'was') => ({ name, now, was })[word],
    )
  const [title, body] = texts.price
  return { title: fill(title), body: fill(body), url: `/p/${encodeURIComponent(slug)}`, language }
}

function formatMoney(amount: Money, language: PushLanguage): string {
  const { currency } = amount
  const format = new Intl.NumberFormat(language, { style: 'currency', currency })
  return format.format(toDecimal(amount) as Intl.StringNumericLiteral)
}
