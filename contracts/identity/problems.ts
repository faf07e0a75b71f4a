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
  'identity.factor_exists': [409, 'This is set up already'],
})
