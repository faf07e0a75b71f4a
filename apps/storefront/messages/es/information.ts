import type { InformationMessages } from '../en/information.ts'

export const informationEs: InformationMessages = {
  about: {
    title: 'Sobre Stoa',
    summary: 'Qué es esta tienda y de dónde salen sus datos.',
    shop: 'Una estoa es la galería porticada de un mercado griego: los puestos de todos, uno junto a otro, a la sombra. Esta es una plataforma abierta de mercado en línea, y esta tienda muestra lo que sabe hacer.',
    demonstration:
      'Es una demostración. Los productos son reales y proceden de las fuentes públicas que figuran abajo. Cuando a una fuente le falta el precio, las existencias o la categoría, los pone una regla fija, y la página del producto lo indica. No se envía nada y no se cobra a nadie.',
    sources: 'Fuentes',
    pictures: 'Imágenes',
    drawings: 'Los dibujos que sustituyen a las imágenes y el logotipo son propios de la tienda.',
  },
  privacy: {
    title: 'Privacidad',
    summary: 'Qué guarda esta tienda, por qué y durante cuánto tiempo.',
    principle:
      'Aquí no hay publicidad, nadie más sabe lo que haces y no hay código de terceros, salvo los campos de la tarjeta del proveedor de pagos.',
    browser: 'En tu navegador',
    cookies: {
      cart: 'Cuál es tu carrito. 60 días.',
      market: 'El país, la moneda y el idioma que has elegido. Un año.',
      checkout:
        'La dirección que estás escribiendo, para que no se pierda nada. Cuatro horas, y se borra al hacer el pedido.',
      orders: 'Qué pedidos se han hecho en este navegador. 180 días.',
      seen: 'Qué productos has visto por última vez. 30 días.',
      visitor:
        'Un número aleatorio con el que el buscador de la tienda aprende qué resultados son útiles: lo que se busca, se mira y se pide desde un mismo navegador se cuenta junto. 90 días. Si tu navegador pide que no te sigan (Global Privacy Control o Do Not Track), no recibes ninguno.',
    },
    scripts: 'Ningún script puede leer estas cookies y ningún otro sitio las recibe.',
    server: 'En el servidor',
    order:
      'Tu correo y tu dirección se guardan con el pedido, porque sin ellos no se puede entregar ni reembolsar. El número de la tarjeta va al proveedor de pagos y nunca llega a esta tienda.',
    searches:
      'Las búsquedas se guardan 13 meses sin indicar de quién eran; los clics en los resultados, con el número del visitante, tres meses, y las visitas a productos, seis; después, solo sus sumas. Las palabras se sugieren a otros solo si al menos cinco visitantes las buscaron en un mismo día.',
  },
  shipping: {
    title: 'Envíos y devoluciones',
    summary: 'Cuándo llegan los pedidos, cuánto cuesta el envío y cómo devolver algo.',
    delivery:
      'Cada vendedor envía sus propios paquetes. El coste del envío y los días de entrega de cada opción dependen de tu dirección y se muestran antes de pagar, junto con los impuestos.',
    following: 'Seguir un paquete',
    orderPage:
      'Cada pedido tiene su propia página, con lo que ha ocurrido y dónde está cada paquete. Guarda su enlace: abre tu pedido. Los pedidos hechos en este navegador aparecen también aquí:',
    changing: 'Si cambias de idea',
    cancelling:
      'Hasta que salga el primer paquete puedes cancelar en la página del pedido, y lo que pagaste vuelve a tu tarjeta.',
  },
}
