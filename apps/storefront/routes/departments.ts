import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { drawing, drawingFor } from '../features/departments/drawings.ts'
import { type Shareable, sendShared } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

const SHOWN_CHILDREN = 8

/** GET /departments: two levels of the category tree. */
export function departmentsRoute(app: FastifyInstance, shop: Shop): void {
  app.get('/departments', async (request, reply) => {
    const v = await visit(shop, request, reply)
    await sendShared(v, reply, {
      url: paths.departments(),
      lifetime: shop.lifetimes.list,
      make: makeDepartments,
    })
    return reply
  })
}

async function makeDepartments(v: Visit): Promise<Shareable> {
  const departments = await v.shop.departments.list()
  return {
    shows: [],
    page: {
      title: `${v.t.allDepartments} · ${v.t.shopName}`,
      canonical: paths.departments(),
      kind: 'departments',
      main: html`<h1>${v.t.allDepartments}</h1><div class="department-list">${departments.map(
        ({
          slug,
          name,
          productCount,
          children,
        }) => html`<section class="department">${drawing(drawingFor(slug))}<div>
<h2><a href="${paths.category(slug)}">${name}</a> <span class="choice-count">${v.format.number(productCount)}</span></h2>
<ul>${children
          .filter((child) => child.productCount > 0)
          .toSorted((a, b) => b.productCount - a.productCount)
          .slice(0, SHOWN_CHILDREN)
          .map(
            (child) =>
              html`<li><a href="${paths.category(child.slug)}">${child.name}</a> <span class="choice-count">${v.format.number(child.productCount)}</span></li>`,
          )}</ul></div></section>`,
      )}</div>`,
    },
  }
}
