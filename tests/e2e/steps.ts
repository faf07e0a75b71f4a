import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Client } from '../../packages/client/src/index.ts'

/** One way through the shop. */
export type Journey = Readonly<{
  name: string
  width: number
  javaScript: boolean
  /** How it is paid: a named test token, or a card typed into the provider's fields. */
  pay: 'tok_success' | 'tok_declined' | 'tok_requires_action' | 'card'
  /** What changes between the choice of payment and the order. */
  meanwhile?: 'price' | 'stock'
  walk?: (page: Page, stop: Stop) => Promise<void>
}>

export type Stop = Readonly<{
  url: string
  query: string
  /** Somebody who may change prices and stock. */
  operator?: Client | undefined
  journey: Journey
}>

export const ADDRESS = {
  email: 'anna@example.com',
  name: 'Anna Example',
  line1: '5 Main Street',
  city: 'Austin',
  postalCode: '78701',
} as const

const TRACKING_MS = 240_000

/** The order is there and, where a carrier is played, a parcel comes under way. */
export async function seeOrder(page: Page): Promise<void> {
  await page.waitForURL(/\/orders\/ord_/)
  assert.match((await page.locator('h1').textContent()) ?? '', /Thank you|Order/)
  const until = Date.now() + TRACKING_MS
  while (Date.now() < until) {
    if ((await page.locator('.parcel .timeline li').count()) > 0) return
    await page.waitForTimeout(700)
    await page.reload()
  }
  throw new Error(`No parcel within ${TRACKING_MS} ms`)
}

/** A product of which more than a few are left. */
export const PLENTY = '.tile:has(.quick-add):not(:has(.stock-few)) .tile-link'
