import { type Html, html } from '@stoa/html'
import type { FastifyRequest } from 'fastify'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

const PLACE = /^([A-Z]{2}) ([\p{L}\d][\p{L}\d -]{0,15})$/u

/** The postal code that was said for the visitor's country; a cookie's value is percent-encoded. */
export function postalCodeOf(request: FastifyRequest, country: string): string | undefined {
  const [, saidFor, code] = PLACE.exec(request.cookies['place'] ?? '') ?? []
  return saidFor === country ? code : undefined
}

export function placeCookie(place: Readonly<{ country: string; postalCode: string }>): string {
  return `${place.country} ${place.postalCode}`
}

/** A postal code as it is typed: neither long nor odd; undefined if it is none anywhere. */
export function tidyPostalCode(text: string): string | undefined {
  const code = text.toUpperCase().replace(/\s+/g, ' ').trim()
  return PLACE.test(`XX ${code}`) ? code : undefined
}

/** When it would be here: for the postal code if it is known, else for the country. */
export async function deliveryPart(
  visit: Visit,
  {
    postalCode,
    offerId,
    back,
  }: Readonly<{ postalCode: string | undefined; offerId: string | undefined; back: string }>,
): Promise<Html> {
  const { t, format, shop, choice } = visit
  const { country } = choice
  const promised = await shop.promises.at({ country, postalCode, offerId })
  if (promised.kind === 'nowhere')
    return html`<p class="promise">${icon('truck')} ${t.wishes.notThere(format.country(country))}</p>`
  const [cheapest, quicker] = promised.kind === 'days' ? promised.promise.options : []
  const place = postalCode ?? format.country(country)
  return html`<div class="promise">${cheapest && html`<p>${icon('truck')} <span><strong>${t.wishes.arrivesTo(format.days(cheapest.estimatedDelivery), place)}</strong>${quicker && html`<br><span class="quiet">${t.wishes.fastest(format.days(quicker.estimatedDelivery))}</span>`}</span></p>`}
<details><summary>${postalCode ? t.wishes.changePlace : t.wishes.askPlace}</summary>
<form method="post" action="${paths.deliveryPlace()}"><input type="hidden" name="back" value="${back}"><div class="field"><label for="place">${t.postalCode}</label><span class="field-row"><input id="place" name="postalCode" value="${postalCode ?? ''}" autocomplete="postal-code" maxlength="16" required><button class="button button-quiet">${t.wishes.usePlace}</button></span></div></form></details></div>`
}
