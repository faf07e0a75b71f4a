/** The standing pages: what the shop is, what it keeps, how it delivers. */
export const informationEn = {
  about: {
    title: 'About Stoa',
    summary: 'What this shop is, and where its data comes from.',
    shop: 'A stoa is the covered colonnade of a Greek market: everyone’s wares side by side, in the shade. This one is an open marketplace platform, and this shop shows what it does.',
    demonstration:
      'It is a demonstration. The products are real, from the public sources below. Where a source has no price, stock or category, a fixed rule makes one, and the product’s page says so. Nothing is sent, and nobody is charged.',
    sources: 'Sources',
    pictures: 'Pictures',
    drawings: 'The drawings that stand in for pictures, and the mark of the shop, are its own.',
  },
  privacy: {
    title: 'Privacy',
    summary: 'What this shop keeps, why, and for how long.',
    principle:
      'There is no advertising here, nobody else learns what you do, and there is no script from anyone else, apart from the payment provider’s card fields in the checkout.',
    browser: 'In your browser',
    cookies: {
      cart: 'Which cart is yours. 60 days.',
      market: 'Country, currency and language that you chose. One year.',
      checkout:
        'The address you are typing, so that nothing is lost. Four hours, and gone once you have ordered.',
      orders: 'Which orders were placed in this browser. 180 days.',
      seen: 'Which products you looked at last. 30 days.',
      visitor:
        'A random number, by which the shop’s own search learns which results are of use: what was searched, looked at and ordered from one browser is counted together. 90 days. If your browser asks not to be followed (Global Privacy Control or Do Not Track) you get none.',
    },
    scripts: 'No script can read these cookies, and no other site gets them.',
    server: 'On the server',
    order:
      'Your e-mail and address are kept with the order, because it cannot be delivered or refunded without them. The card number goes to the payment provider and never reaches this shop.',
    searches:
      'Searches are kept for 13 months without saying whose they were; clicks on results, with the visitor’s number, for three months, and looks at products for six; after that only their sums. Words are suggested to others only if at least five visitors searched for them on one day.',
  },
  shipping: {
    title: 'Delivery and returns',
    summary: 'When things arrive, what delivery costs, and how to give something back.',
    delivery:
      'Each seller sends their own parcels. What delivery costs and on which days each option arrives follows from your address and is shown in the checkout, before you pay, together with the tax.',
    following: 'Following a parcel',
    orderPage:
      'Every order has a page of its own with what has happened and where each parcel is. Keep its link: it opens your order. Orders placed in this browser are also listed here:',
    changing: 'Changing your mind',
    cancelling:
      'Until the first parcel leaves you can cancel on the order’s page, and what you paid goes back to your card.',
  },
}

export type InformationMessages = typeof informationEn
