import type { FastifyInstance } from 'fastify'
import { placeCookie, tidyPostalCode } from '../features/products/delivery.ts'
import { say, setCookie } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { localPath, paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** The postal code for which delivery days are shown, remembered in the browser. */
export function deliveryPlaceRoute(app: FastifyInstance, shop: Shop): void {
  app.post(paths.deliveryPlace(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const { country } = v.choice
    const postalCode = tidyPostalCode(form.text('postalCode'))
    const { kind } = postalCode
      ? await shop.promises.at({ country, postalCode })
      : { kind: 'wrong' as const }
    if (postalCode && kind !== 'wrong')
      setCookie(shop, reply, { name: 'place', value: placeCookie({ country, postalCode }) })
    else {
      const said = form.text('postalCode').slice(0, 16)
      const text = v.t.wishes.wrongPlace(said, v.format.country(country))
      say(shop, reply, { tone: 'bad', text })
    }
    return seeOther(reply, localPath(form.text('back')))
  })
}
