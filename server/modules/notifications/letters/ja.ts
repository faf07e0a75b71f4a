import type { LetterWords } from './words.ts'

export const wordsJa: LetterWords = {
  confirmed: {
    subject: 'ご注文 {number} が確定しました',
    text: '{name} 様、ご注文ありがとうございます。ただいま商品を準備しています。発送時にあらためてご連絡します。',
  },
  cancelledByYou: {
    subject: 'ご注文 {number} をキャンセルしました',
    text: 'ご希望のとおり、ご注文をキャンセルしました。',
  },
  cancelledByUs: {
    subject: 'ご注文 {number} をキャンセルさせていただきました',
    text: '申し訳ございません。このご注文はお届けできないため、キャンセルいたしました。',
  },
  moneyBack:
    'お支払い済みの金額は、お支払いと同じ方法で返金されます。仮押さえのみの金額は解除されます。',
  unitsCancelled: {
    subject: 'ご注文 {number} の一部をキャンセルしました',
    text: '次の商品はご注文から外れました。{amount} をお支払いと同じ方法で返金します。',
  },
  shipments: {
    shipped: {
      subject: 'ご注文 {number} の荷物を発送しました',
      text: '荷物が出発しました。内容は次のとおりです。',
    },
    delivered: {
      subject: 'ご注文 {number} の荷物が届きました',
      text: '配送業者がお届けしました。内容は次のとおりです。',
    },
    exception: {
      subject: 'ご注文 {number} の荷物が遅れています',
      text: '配送業者から配送中の問題の連絡がありました。詳しくはご注文のページをご覧ください。内容は次のとおりです。',
    },
  },
  refunded: {
    subject: '{amount} を返金しました',
    text: 'ご注文 {number} について、{amount} をお支払いと同じ方法で返金しました。反映まで数日かかることがあります。',
  },
  returns: {
    requested: {
      subject: 'ご注文 {number} の返品を受け付けました',
      text: '次の商品の返品をご希望です。確認のうえご連絡します。',
    },
    approved: {
      subject: '返品できます：ご注文 {number}',
      text: '返品が承認されました。送り先と期限はご注文のページをご覧ください。',
    },
    declined: {
      subject: 'ご注文 {number} の返品はお受けできません',
      text: '次の商品の返品はお受けできません。理由はご注文のページをご覧ください。',
    },
    label_issued: {
      subject: 'ご注文 {number} の返品ラベル',
      text: '返品が承認され、ラベルの用意ができました。印刷して荷物に貼り、お出しください。',
    },
    received: {
      subject: 'ご注文 {number} の返品が届きました',
      text: '商品が届きました。確認のうえご連絡します。',
    },
    resolved: {
      subject: 'ご注文 {number} の返品の結果が決まりました',
      text: '商品を確認しました。結果はご注文のページをご覧ください。',
    },
    cancelled: {
      subject: 'ご注文 {number} の返品を取りやめました',
      text: '商品はそのままお持ちください。',
    },
    expired: {
      subject: 'ご注文 {number} の返品期限が過ぎました',
      text: '期限までに発送されなかったため、商品はそのままお持ちください。',
    },
  },
  prices: {
    one: {
      subject: '{name} が {now} になりました',
      text: 'ほしい物リストの商品が値下がりしました。',
    },
    several: {
      subject: 'ほしい物リストの値下がり：{count} 件',
      text: 'ほしい物リストの次の商品が値下がりしました。',
    },
    was: '以前は {was}',
    end: 'このメールの配信を停止する',
  },
  tracking: '追跡番号 {tracking}（{carrier}）',
  expected: 'お届け予定：{days}',
  items: '商品',
  parcel: 'この荷物の内容',
  deliveredTo: 'お届け先',
  subtotal: '小計',
  discount: '割引',
  delivery: '送料',
  free: '無料',
  tax: '税',
  taxIncluded: '内税',
  total: '合計',
  toOrder: 'ご注文を見る',
  toParcel: '荷物を追跡する',
  toReturn: '返品を見る',
  toWishes: 'ほしい物リストを見る',
  whyOrder: 'このメールは、このアドレスでご注文いただいた方にお送りしています。',
  whyPrices: 'このメールは、お得な情報のメールを希望された方にお送りしています。',
}
