import type { AppMessages } from './app-en.ts'

export const appJa: AppMessages = {
  offlineTitle: '接続がありません',
  offlineHelp:
    'このページは最近この端末で開かれていません。次のページは、ご覧になったときのまま残っています。',
  tryAgain: 'もう一度試す',
  seenAt:
    '接続がありません。{time}時点のページを表示しています。価格や在庫は変わっている場合があります。',
  queued: '接続がありません。つながり次第、カートに入ります。',
  sent: '再び接続され、カートは最新の状態です。',
  scan: 'バーコードを読み取る',
  scanHelp: '商品のバーコードをカメラにかざしてください。',
  scanNone: 'カメラを使えません。バーコードの下の番号を入力してください。',
  close: '閉じる',
}
