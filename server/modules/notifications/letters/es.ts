import type { LetterWords } from './words.ts'

export const wordsEs: LetterWords = {
  confirmed: {
    subject: 'Tu pedido {number} está confirmado',
    text: 'Gracias, {name}. Tenemos tu pedido y lo estamos preparando. Te escribiremos cuando salga.',
  },
  cancelledByYou: {
    subject: 'Tu pedido {number} está cancelado',
    text: 'Hemos cancelado tu pedido, como pediste.',
  },
  cancelledByUs: {
    subject: 'Hemos tenido que cancelar tu pedido {number}',
    text: 'Lo sentimos: no podemos entregar este pedido y lo hemos cancelado.',
  },
  moneyBack:
    'Lo que has pagado vuelve por el mismo camino. Lo que solo estaba reservado queda liberado.',
  unitsCancelled: {
    subject: 'Parte de tu pedido {number} está cancelada',
    text: 'Estos artículos ya no forman parte de tu pedido. Te devolvemos {amount} por el mismo camino.',
  },
  shipments: {
    shipped: {
      subject: 'Un paquete de tu pedido {number} está en camino',
      text: 'Ya ha salido. Contiene:',
    },
    delivered: {
      subject: 'Un paquete de tu pedido {number} ha llegado',
      text: 'El transportista lo ha entregado. Contenía:',
    },
    exception: {
      subject: 'Un paquete de tu pedido {number} se retrasa',
      text: 'El transportista avisa de un problema. En la página de tu pedido verás lo que se sabe. Contiene:',
    },
  },
  refunded: {
    subject: 'Te devolvemos {amount}',
    text: 'Hemos devuelto {amount} de tu pedido {number} por el mismo medio de pago. Tu banco puede tardar unos días en mostrarlo.',
  },
  returns: {
    requested: {
      subject: 'Hemos recibido tu solicitud de devolución del pedido {number}',
      text: 'Quieres devolver estos artículos. Lo revisamos y te escribimos.',
    },
    approved: {
      subject: 'Ya puedes devolverlo: pedido {number}',
      text: 'Tu devolución está aprobada. En la página de tu pedido verás adónde y hasta cuándo.',
    },
    declined: {
      subject: 'No hemos aceptado tu devolución del pedido {number}',
      text: 'No podemos aceptar estos artículos. En la página de tu pedido verás el motivo.',
    },
    label_issued: {
      subject: 'Tu etiqueta de devolución del pedido {number}',
      text: 'Tu devolución está aprobada y la etiqueta está lista. Imprímela, pégala y entrega el paquete.',
    },
    received: {
      subject: 'Tu devolución del pedido {number} ha llegado',
      text: 'Ya tenemos los artículos. Los revisamos y te escribimos.',
    },
    resolved: {
      subject: 'Tu devolución del pedido {number} está resuelta',
      text: 'Hemos revisado los artículos. En la página de tu pedido verás qué recibes por ellos.',
    },
    cancelled: {
      subject: 'Tu devolución del pedido {number} está cancelada',
      text: 'Te quedas con los artículos.',
    },
    expired: {
      subject: 'Tu devolución del pedido {number} ha caducado',
      text: 'Los artículos no se enviaron a tiempo, así que te quedas con ellos.',
    },
  },
  prices: {
    one: { subject: '{name} cuesta ahora {now}', text: 'Algo de tu lista de deseos cuesta menos.' },
    several: {
      subject: 'Precios más bajos en tu lista de deseos: {count}',
      text: 'Estas cosas de tu lista de deseos cuestan menos.',
    },
    was: 'antes {was}',
    end: 'No quiero más correos como este',
  },
  tracking: 'Número de seguimiento {tracking}, {carrier}',
  expected: 'Llegada prevista: {days}',
  items: 'Artículos',
  parcel: 'En este paquete',
  deliveredTo: 'Se envía a',
  subtotal: 'Subtotal',
  discount: 'Descuento',
  delivery: 'Envío',
  free: 'Gratis',
  tax: 'Impuestos',
  taxIncluded: 'Impuestos incluidos',
  total: 'Total',
  toOrder: 'Ver tu pedido',
  toParcel: 'Seguir el paquete',
  toReturn: 'Ver tu devolución',
  toWishes: 'Ver tu lista de deseos',
  whyOrder: 'Recibes este correo porque has hecho un pedido con esta dirección.',
  whyPrices: 'Recibes este correo porque pediste ofertas por correo electrónico.',
}
