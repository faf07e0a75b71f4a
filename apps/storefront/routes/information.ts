import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { SOURCES } from '../features/products/sources.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

type InformationPage = Readonly<{ path: string; title: string; summary: string; body: Html }>

/** The standing pages, in English until somebody answers for a translation. */
const PAGES: readonly InformationPage[] = [
  {
    path: paths.about(),
    title: 'About Stoa',
    summary: 'What this shop is, and where its data comes from.',
    body: html`<p>A stoa is the covered colonnade of a Greek market: everyone’s wares side by side, in the shade. This one is an open marketplace platform, and this shop shows what it does.</p>
<p>It is a demonstration. The products are real, from the public sources below. Where a source has no price, stock or category, a fixed rule makes one, and the product’s page says so. Nothing is sent, and nobody is charged.</p>
<h2 id="sources">Sources</h2>
<ul class="sources">${SOURCES.map(({ name, what, licence }) => html`<li><strong>${name}</strong><span>${what}</span><span class="quiet">${licence}</span></li>`)}</ul>
<h2>Pictures</h2><p>The drawings that stand in for pictures, and the mark of the shop, are its own.</p>`,
  },
  {
    path: paths.privacy(),
    title: 'Privacy',
    summary: 'What this shop keeps, why, and for how long.',
    body: html`<p>There is no advertising here, nobody else learns what you do, and there is no script from anyone else, apart from the payment provider’s card fields in the checkout.</p>
<h2>In your browser</h2><table class="specs"><tbody>
<tr><th scope="row">cart</th><td>Which cart is yours. 60 days.</td></tr>
<tr><th scope="row">market</th><td>Country, currency and language that you chose. One year.</td></tr>
<tr><th scope="row">checkout</th><td>The address you are typing, so that nothing is lost. Four hours, and gone once you have ordered.</td></tr>
<tr><th scope="row">orders</th><td>Which orders were placed in this browser. 180 days.</td></tr>
<tr><th scope="row">seen</th><td>Which products you looked at last. 30 days.</td></tr>
<tr><th scope="row">visitor</th><td>A random number, by which the shop’s own search learns which results are of use: what was searched, looked at and ordered from one browser is counted together. 90 days. If your browser asks not to be followed (Global Privacy Control or Do Not Track) you get none.</td></tr></tbody></table>
<p>No script can read these cookies, and no other site gets them.</p>
<h2>On the server</h2><p>Your e-mail and address are kept with the order, because it cannot be delivered or refunded without them. The card number goes to the payment provider and never reaches this shop.</p>
<p>Searches are kept for 13 months without saying whose they were; clicks on results, with the visitor’s number, for three months, and looks at products for six; after that only their sums. Words are suggested to others only if at least five visitors searched for them on one day.</p>`,
  },
  {
    path: paths.shipping(),
    title: 'Delivery and returns',
    summary: 'When things arrive, what delivery costs, and how to give something back.',
    body: html`<p>Each seller sends their own parcels. What delivery costs and on which days each option arrives follows from your address and is shown in the checkout, before you pay, together with the tax.</p>
<h2>Following a parcel</h2><p>Every order has a page of its own with what has happened and where each parcel is. Keep its address: it is the key to your order. Orders placed in this browser are also under <a href="${paths.orders()}">Orders</a>.</p>
<h2>Changing your mind</h2><p>Until the first parcel leaves you can cancel on the order’s page, and what you paid goes back to your card.</p>`,
  },
]

export function informationRoutes(app: FastifyInstance, shop: Shop): void {
  for (const { path, title, summary, body } of PAGES) {
    app.get(path, async (request, reply) => {
      const v = await visit(shop, request, reply)
      await sendPage(v, reply, {
        title: `${title} · ${v.t.shopName}`,
        description: summary,
        canonical: path,
        kind: 'prose',
        main: html`<div lang="en"><h1>${title}</h1>${body}</div>`,
      })
      return reply
    })
  }
}
