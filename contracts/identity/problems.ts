import { problems } from '../kit/problem.ts'

export const identityProblem = problems({
  'identity.credentials_wrong': [401, 'The e-mail address or the password is wrong'],
  'identity.second_factor_wrong': [401, 'The code is wrong or was used before'],
  'identity.reauthentication_required': [403, 'Confirm that it is you, then try again'],
  'identity.link_invalid': [422, 'The link is wrong, was used, or is too old'],
  'identity.password_too_short': [422, 'The password is too short'],
  'identity.password_too_long': [422, 'The password is too long'],
  'identity.password_common': [422, 'The password is one that is tried first'],
  'identity.email_taken': [409, 'Another account has this e-mail address'],
  'identity.address_limit': [409, 'The address book is full'],
  'identity.passkey_refused': [401, 'The passkey was not accepted'],
  'identity.passkey_limit': [409, 'The account has as many passkeys as it may have'],
  'identity.last_way_in': [409, 'Without this nobody could sign in any more'],
  'identity.provider_refused': [401, 'The provider did not confirm who you are'],
  'identity.provider_email_unproven': [422, 'The provider has not confirmed your e-mail address'],
  'identity.provider_unreachable': [503, 'The provider does not answer'],
  'identity.scope_beyond_rights': [422, 'A key may not do more than the one who makes it'],
  'identity.key_limit': [409, 'There are as many keys as there may be'],
  'identity.last_owner': [409, 'Somebody has to stay who may do everything'],
  'identity.factor_exists': [409, 'This is set up already'],
})
