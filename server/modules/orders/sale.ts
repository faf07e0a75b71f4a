import type { PaymentsApi } from '../payments/index.ts'
import type { PlacedOrder } from './model.ts'

/** How a confirmed order's money is shared out, for the ledger. */
export function saleOf({
  order,
  sellerOrders,
}: PlacedOrder): Parameters<PaymentsApi['recordSale']>[0] {
  return {
    orderId: order.id,
    currency: order.currency,
    splits: sellerOrders.map((part) => ({
      sellerId: part.sellerId,
      goodsNet: part.goodsNet,
      tax: part.goodsTax + part.shippingTax,
      shipping: part.shippingNet,
      commission: part.commission,
      commissionVat: part.commissionVat,
      marketplaceDiscount: part.marketplaceDiscount,
    })),
  }
}
