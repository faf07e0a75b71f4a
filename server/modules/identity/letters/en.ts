import type { Letters } from './letter.ts'

export const lettersEn: Letters = {
  prove: {
    subject: 'Confirm your e-mail address',
    lines: [
      'Hello {name},',
      'please confirm that this e-mail address is yours:',
      '{link}',
      'You will be asked for the password of your new account. The link works for three days.',
      'If you did not open an account with us, do nothing: without this link nobody can use your address.',
    ],
  },
  known: {
    subject: 'You already have an account',
    lines: [
      'Hello,',
      'somebody, perhaps you, wanted to open an account with this e-mail address. It has one already.',
      'Sign in with it, or set a new password if you have forgotten it:',
      '{link}',
      'If it was not you, do nothing: your account is as it was.',
    ],
  },
  reset: {
    subject: 'Set a new password',
    lines: [
      'Hello,',
      'you can set a new password here. The link works once, for 30 minutes:',
      '{link}',
      'If you did not ask for it, do nothing: your password stays as it is.',
    ],
  },
  change: {
    subject: 'Confirm your new e-mail address',
    lines: [
      'Hello {name},',
      'this address becomes the one of your account when you follow this link within an hour:',
      '{link}',
      'If you did not ask for it, do nothing.',
    ],
  },
  changed: {
    subject: 'Your account was changed',
    lines: [
      'Hello {name},',
      'your password, your e-mail address or the way you sign in was changed.',
      'If it was not you, set a new password at once:',
      '{link}',
    ],
  },
  device: {
    subject: 'A new device has signed in',
    lines: [
      'Hello {name},',
      'somebody has signed in to your account from a device that we had not seen before.',
      'If it was not you, set a new password; that ends all sessions:',
      '{link}',
    ],
  },
  invited: {
    subject: 'You are invited to a team',
    lines: [
      'Hello,',
      'you are invited to work with this shop. Follow this link within seven days to accept:',
      '{link}',
      'If you know nothing of it, do nothing.',
    ],
  },
  yourData: {
    subject: 'Your data',
    lines: [
      'Hello,',
      'here you can have a copy of what the shop keeps under this address, or have it erased. The link works for an hour:',
      '{link}',
      'If you did not ask for it, do nothing: nothing changes without this link.',
    ],
  },
}
