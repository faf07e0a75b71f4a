import type { AccessMessages } from '../en/access.ts'

/** Words for passkeys, providers, invitations and keys. */
export const accessJa: AccessMessages = {
  passkey: 'パスキー',
  passkeys: 'パスキー',
  passkeysHelp: '指紋、顔、または端末の画面ロックで、パスワードなしでログインできます。',
  passkeyAdd: 'パスキーを追加',
  passkeyHelp: '端末が本人確認を行い、鍵を保管します。',
  passkeyName: 'パスキーの名前',
  passkeyNeedsScript: 'パスキーにはJavaScriptが必要です。',
  passkeyFailed: 'うまくいきませんでした。もう一度試すか、別の方法でログインしてください。',
  passkeySignIn: 'パスキーでログイン',
  synced: '複数の端末で使用',
  rename: '名前を変更',
  neverUsed: '未使用',
  providers: '連携しているログイン',
  providerSignIn: (provider) => `${provider}でログイン`,
  connect: (provider) => `${provider}と連携`,
  connectedSince: (when) => `${when}から連携中`,
  goingOn: '少々お待ちください',
  goOn: '続ける',
  linkTitle: 'すでにアカウントがあります',
  linkHelp: (email) => `${email}のアカウントがあります。パスワードを一度入力すると連携されます。`,
  noPassword: 'このアカウントにはパスワードがありません。',
  invitationTitle: '招待が届いています',
  invitationHelp:
    'このメールアドレスのアカウントをお持ちの場合は、そのパスワードを入力してください。お持ちでない場合は、新しいアカウントのお名前とパスワードを入力してください。',
  invitationOwn: (email) => `${email}としてログインしています。`,
  invitationAccept: '招待を受ける',
  invitationAccepted: 'チームへようこそ。',
  keys: 'APIキー',
  keysHelp:
    'プログラム用です。キーでできるのは、ここで選んだことだけで、お客様ご自身の権限を超えることはありません。',
  noKeys: 'キーはまだありません。',
  keyCreate: 'キーを作成',
  keyName: '用途',
  keyScopes: '許可すること',
  keyDays: '有効日数',
  keyMade: '新しいキー',
  keyMadeHelp: '今すぐコピーしてください。再度表示することはできません。',
  keyRevoke: '取り消す',
  keyRevoked: 'キーを取り消しました。',
  endsAt: (when) => `${when}まで有効`,
  problems: {
    'identity.reauthentication_required':
      'ログインから時間が経っています。ログアウトしてもう一度ログインしてから、やり直してください。',
    'identity.passkey_refused': 'パスキーは受け付けられませんでした。',
    'identity.passkey_limit': 'パスキーの数が上限に達しています。',
    'identity.last_way_in':
      'これが唯一のログイン方法です。先にパスワードを設定するか、別の方法を追加してください。',
    'identity.provider_refused': '連携先でご本人を確認できませんでした。',
    'identity.provider_email_unproven': '連携先でメールアドレスが確認されていません。',
    'identity.provider_unreachable':
      '連携先が応答しません。しばらくしてからもう一度お試しください。',
    'identity.factor_exists': 'すでに設定されています。',
  },
}
