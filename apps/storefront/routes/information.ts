import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { SOURCES } from '../features/products/sources.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'
import type { Messages } from '../messages/index.ts'

type InformationPage = Readonly<{ title: string; summary: string; body: Html }>

const PAGES: readonly Readonly<{ path: string; make: (t: Messages) => InformationPage }>[] = [
  { path: paths.about(), make: about },
  { path: paths.privacy(), make: privacy },
  { path: paths.shipping(), make: shipping },
]

/** The standing pages. */
export function informationRoutes(app: FastifyInstance, shop: Shop): void {
  for (const { path, make } of PAGES) {
    app.get(path, async (request, reply) => {
      const v = await visit(shop, request, reply)
      const { title, summary, body } = make(v.t)
      await sendPage(v, reply, {
        title: `${title} · ${v.t.shopName}`,
        description: summary,
        canonical: path,
        kind: 'prose',
        main: html`<h1>${title}</h1>${body}`,
      })
      return reply
    })
  }
}

function about({ information: { about: t } }: Messages): InformationPage {
  return {
    ...t,
    body: html`<p>${t.shop}</p>
<p>${t.demonstration}</p>
<h2 id="sources">${t.sources}</h2>
<ul class="sources" lang="en" dir="ltr">${SOURCES.map(({ name, what, licence }) => html`<li><strong>${name}</strong><span>${what}</span><span class="quiet">${licence}</span></li>`)}</ul>
<h2>${t.pictures}</h2><p>${t.drawings}</p>`,
  }
}

function privacy({ app, account, information: { privacy: t } }: Messages): InformationPage {
  return {
    ...t,
    body: html`<p>${t.principle}</p>
<h2>${t.browser}</h2><table class="specs"><tbody>
${Object.entries(t.cookies).map(([name, what]) => html`<tr><th scope="row">${name}</th><td>${what}</td></tr>`)}</tbody></table>
<p>${t.scripts}</p>
<p>${app.keptByBrowser}</p>
<h2>${t.server}</h2><p>${t.order}</p>
<p>${t.searches}</p>
<p>${app.keptForNews}</p>
<h2>${account.privacy}</h2><p>${account.yourDataHelp} <a href="${paths.yourData()}">${account.sendLink}</a></p>`,
  }
}

function shipping({ orders, information: { shipping: t } }: Messages): InformationPage {
  return {
    ...t,
    body: html`<p>${t.delivery}</p>
<h2>${t.following}</h2><p>${t.orderPage} <a href="${paths.orders()}">${orders}</a></p>
<h2>${t.changing}</h2><p>${t.cancelling}</p>`,
  }
}
