import { problems } from '../kit/problem.ts'

export const mediaProblem = problems({
  'media.empty': [400, 'There is nothing in the file'],
  'media.unsupported_format': [415, 'The file is no picture of a kind that is accepted'],
  'media.animated': [422, 'Moving pictures are not accepted'],
  'media.damaged': [422, 'The picture is damaged or not whole'],
  'media.too_many_pixels': [422, 'The picture has too many pixels'],
  'media.trailing_data': [422, 'Something else follows the picture in the file'],
  'media.address_refused': [422, 'This address is not asked for pictures'],
  'media.fetch_failed': [422, 'The picture could not be had from its address'],
})
