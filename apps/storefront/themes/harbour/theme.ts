import type { ThemeKit, ThemeProgram } from '../../features/theme/theme.ts'

/** A theme as an example: another mark, a notice at the foot, a page of its own. */
export default function harbour({
  html,
  paths,
  visit,
  sendPage,
  standard,
}: ThemeKit): ThemeProgram {
  return {
    components: {
      brand: ({ t }) =>
        html`<svg class="logo-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><path d="M15 3h2v16h9c-2 6-6 9-10 9S8 25 6 19h9z"/></svg><span>${t.shopName}</span>`,
      footer: (v, departments, ratesAsOf) =>
        html`${standard.footer(v, departments, ratesAsOf)}<p class="foot foot-note"><a href="/tides">Tides</a> · <a href="${paths.about()}">${v.t.about}</a></p>`,
    },
    pages: [
      (app, shop) =>
        app.get('/tides', async (request, reply) => {
          const v = await visit(shop, request, reply)
          const main = html`<h1>Tides</h1><p>High water is at noon.</p>`
          await sendPage(v, reply, { title: `Tides · ${v.t.shopName}`, kind: 'prose', main })
          return reply
        }),
    ],
  }
}
