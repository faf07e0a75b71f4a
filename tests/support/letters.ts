import { money } from '#contracts/kit/money.ts'
import type { Order } from '#contracts/orders/schemas.ts'

const eur = (amount: number) => money(amount, 'EUR')
const AT = '2026-03-01T12:00:00.000Z'

/** A confirmed order of two coffee mills with a parcel, as the orders module shows it. */
export function sampleOrder(id: string): Order {
  const address = {
    name: 'Ada Lovelace',
    line1: '5 Main Street',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  }
  return {
    id,
    number: 'S-1',
    status: 'confirmed',
    paymentStatus: 'authorized',
    payment: { status: 'authorized', amount: eur(4_470) },
    email: 'ada@example.com',
    language: null,
    currency: 'EUR',
    lines: [
      {
        id: 'orl_1',
        productId: 'prd_1',
        variantId: 'var_1',
        offerId: 'off_1',
        sellerId: 'sel_1',
        sku: 'MILL',
        name: 'Coffee mill',
        quantity: 2,
        quantityShipped: 0,
        quantityDelivered: 0,
        quantityCancelled: 0,
        quantityReturned: 0,
        quantityReturnable: 0,
        unitPrice: eur(1_990),
        discount: eur(0),
        net: eur(3_345),
        tax: eur(635),
        total: eur(3_980),
        taxes: [],
      },
    ],
    sellerOrders: [],
    totals: {
      subtotal: eur(3_980),
      discount: eur(0),
      shipping: eur(490),
      tax: eur(714),
      total: eur(4_470),
    },
    shippingAddress: address,
    billingAddress: address,
    shippingOption: { id: 'standard', name: 'Standard' },
    shipments: [
      {
        id: 'shp_1',
        status: 'shipped',
        carrier: 'Hermes',
        trackingNumber: 'HX 4711',
        sellerId: 'sel_1',
        warehouseId: 'whs_1',
        lines: [{ lineId: 'orl_1', sku: 'MILL', name: 'Coffee mill', quantity: 1 }],
        estimatedDelivery: '2026-03-04',
        scans: [],
      },
    ],
    estimatedDelivery: { earliest: '2026-03-03', latest: '2026-03-05' },
    events: [
      { type: 'placed', at: AT },
      { type: 'confirmed', at: AT },
    ],
    allowedActions: ['cancel'],
    createdAt: AT,
  }
}
